/** Who may use which route, as docs/ACCESS.md says it. `npm run docs:access` writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { allowanceOf, Public, requireDoors, routesOf } from '#libs/access';
import { document, routes } from './routes.ts';

const PAGE = fileURLToPath(new URL('../../docs/ACCESS.md', import.meta.url));

it('the page is as the code is', () => {
  if (process.env.WRITE_ACCESS) writeFileSync(PAGE, document);
  expect(readFileSync(PAGE, 'utf8')).toBe(document);
});

it('each service has routes, and each of them says who may use it', () => {
  for (const each of Object.values(routes)) {
    expect(each.length).toBeGreaterThan(3);
    expect(() => requireDoors(each, [])).not.toThrow();
  }
});

const policy = { 'note.read': { roles: ['auditor'] }, 'note.write': { roles: ['drafter'] } } as const;
const Allow = allowanceOf(policy);

it('a route that does not say who may use it does not boot', () => {
  @Controller('v1/notes')
  class Notes {
    @Public()
    @Get('public')
    open() {}

    @Get(':id')
    forgotten() {}
  }
  @Module({ controllers: [Notes] })
  class NotesModule {}
  expect(() => requireDoors(routesOf(NotesModule), [])).toThrow('nobody says who may use GET /v1/notes/:id');
});

it('a permission that no route asks for does not boot', () => {
  @Controller('v1/notes')
  class Notes {
    @Allow('note.read')
    @Get()
    read() {}
  }
  @Module({ controllers: [Notes] })
  class NotesModule {}
  expect(() => requireDoors(routesOf(NotesModule), [policy])).toThrow('no route asks for note.write');
});
