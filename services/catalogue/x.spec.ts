import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { Y } from './y.ts'; import { X } from './x.ts';
it('di', async () => { const m = await Test.createTestingModule({ providers: [X, Y] }).compile(); expect(m.get(Y).x).toBeInstanceOf(X); });
