import { describe, expect, it } from '@jest/globals';
import { a } from '#libs/money';
describe('x', () => { it('y', () => { expect(a).toBe(3); }); });
