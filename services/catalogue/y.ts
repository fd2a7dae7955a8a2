import { Injectable } from '@nestjs/common';
import { X } from './x.ts';
@Injectable()
export class Y { constructor(readonly x: X) {} }
