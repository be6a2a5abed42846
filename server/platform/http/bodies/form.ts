import { parse } from 'node:querystring'
import type { FastifyInstance } from 'fastify'
import { ApiError } from '../errors.ts'
import type { BodiesInProgress } from './in-progress.ts'
import { readBody } from './read-body.ts'

/** Has the routes of `scope` take forms of pages that have no script, of at most so many bytes, and nothing else. */
export function takeForms(scope: FastifyInstance, bodies: BodiesInProgress, atMost: number): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('application/x-www-form-urlencoded', (request, payload, done) =>
    readBody(bodies, request, payload, atMost, (error, body) =>
      done(error, error ? undefined : formOf(body)),
    ),
  )
  scope.addContentTypeParser('*', (_request, _payload, done) => done(noForm()))
}

/** Has the routes of `scope` take whatever comes, of at most so many bytes, as text. */
export function takeAnything(scope: FastifyInstance, bodies: BodiesInProgress, atMost: number): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (request, payload, done) =>
    readBody(bodies, request, payload, atMost, (error, body) => done(error, body?.toString())),
  )
}

/** A form's fields; of one that is given twice, the last. */
export function formOf(body: Buffer | undefined): Record<string, string> {
  const fields = Object.entries(parse(body?.toString() ?? ''))
  return Object.fromEntries(fields.map(([name, value]) => [name, [value].flat().at(-1) ?? '']))
}

function noForm(): ApiError {
  return new ApiError(
    'badParameter',
    {
      zh: '这个地址只接受表单，Content-Type 应为 application/x-www-form-urlencoded',
      en: 'this address takes forms only: Content-Type should be application/x-www-form-urlencoded',
    },
    { status: 415 },
  )
}
