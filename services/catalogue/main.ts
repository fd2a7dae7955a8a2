import { a } from '#libs/money';
import { Injectable } from '@nestjs/common';
import { X } from './x.ts';
@Injectable()
export class Y { constructor(readonly x: X) {} }
console.log(a, Reflect.getMetadata?.('design:paramtypes', Y));
