import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Core } from '../core.ts'
import type { Words } from '../words.ts'
import { failureHeaders, failureText, sendCallFailure, toApiError } from './answers/failures.ts'
import { homeHeaders } from './answers/home.ts'
import { sendBody, sendSealed, sendWire, wholeEnvelope } from './answers/send.ts'
import { type BodySize, sizeOfInputs, smallBody } from './bodies/body-size.ts'
import type { BodiesInProgress } from './bodies/in-progress.ts'
import { tooLarge } from './bodies/read-body.ts'
import { readJson } from './bodies/read-json.ts'
import type { Caller } from './caller.ts'
import { ApiError, type ErrorName, streamInPacket, wrongMethod } from './errors.ts'
import type { Access, Admission, CallGroup, Gate, NamedMembers, OpenPacket, RawInputs } from './gate.ts'
import { type ApiFields, readInput, type Values } from './input.ts'
import { withMeantNames } from './mistakes/meant-names.ts'
import * as names from './mistakes/unknown-names.ts'
import { type Answer, type HandlerAnswer, type PersonalData, ReadyAnswer, writerOf } from './output.ts'
import { toWire } from './wire.ts'

type Needs = Core & { bodies: BodiesInProgress }

/**
 * Set by exactly those calls whose handlers take `mirrors`. `true`: the address book of the call's corp is in memory
 * before the handler runs and while it does. `handler`: the handler determines the corp and asks for its address book
 * itself.
 */
export type DirectoryUse = true | 'handler'
export type UsesDirectory = { mirrors: { of(corpId: string): unknown } }

/** What a handler receives. `developer` is set where the access requires one. */
export type Call<F extends ApiFields, A extends Access> = {
  input: Values<F>
  developer: A extends { by: 'developer' } ? Caller : undefined
  /** For calls whose meaning depends on which inputs are present. */
  given: RawInputs
  request: FastifyRequest
}

export type Endpoint<F extends ApiFields, A extends Access, S extends TSchema, C> = {
  methods: readonly ('GET' | 'POST')[]
  path: string
  /** Section of the interface document (docs/interface/README.md#sections), or `wisp` for our own calls. */
  section: string
  summary: Words
  description?: Words
  access: A
  /** Calls that are limited together; without it, it follows from method and scope (callers/limits/groups.ts). */
  group?: CallGroup
  /** Set by the calls that come before packets can be encrypted. */
  isAlwaysClear?: true
  /** The answer is a stream, which no packet can hold: packets are refused with 1000. */
  isStream?: true
  input: F
  /** Sets of inputs of which at least one has to be given whole, for the documents; the rule is the feature's. */
  oneOf?: readonly (readonly (keyof F & string)[])[]
  /** The inputs that the request log keeps, as far as they have their field's shape: ids and choices, never content, names, mobiles, secrets or tokens. */
  logged?: readonly (keyof F & string)[]
  /**
   * Shape of `body`; properties that it does not declare are not sent. Ready answers bypass this, so every test that
   * receives one checks it (shape.fixture.ts).
   */
  output: S
  directory?: DirectoryUse | undefined
  /**
   * Which members a call is about that needs no others, and so does not wait until a large address book is in memory; undefined for
   * inputs that make it need more.
   */
  about?: (input: Values<F>) => NamedMembers | undefined
  /** The call makes wisp call others at once (callers/limits/outgoing-clicks.ts). */
  outgoing?: true
  /** Errors beyond those that every call can return. */
  errors: readonly ErrorName[]
  /** The `body` of a real answer. */
  sample: unknown
  /** How many of the things that a successful call was asked for were refused, for the request log; without it such a call refuses all or none. */
  refusedIn?: (answer: Static<S>) => number
  /** Inputs to try the call with; `{userId}` and the like stand for what its developer sees (`trialValues` of the manifests). */
  sampleInput?: { readonly [K in keyof F]?: unknown }
  handle: (ctx: C, call: Call<F, A>) => HandlerAnswer<S> | Promise<HandlerAnswer<S>>
}

/** Any call that a context of type C can serve. */
export type AnyEndpoint<C> = Omit<
  Endpoint<ApiFields, Access, TSchema, C>,
  'handle' | 'about' | 'refusedIn'
> & {
  handle: (ctx: C, call: never) => unknown
  about?: (input: never) => NamedMembers | undefined
  refusedIn?: (answer: never) => number
}

/** One declaration per call: validation, authentication, envelope and API pages are all derived from it. */
export function endpoint<
  const F extends ApiFields,
  const A extends Access,
  S extends TSchema,
  C extends UsesDirectory,
>(declaration: Endpoint<F, A, S, C> & { directory: DirectoryUse }): AnyEndpoint<C>
export function endpoint<const F extends ApiFields, const A extends Access, S extends TSchema, C>(
  declaration: Endpoint<F, A, S, C> & { directory?: undefined },
  ..._onlyWithout: C extends UsesDirectory ? [mirrors: never] : []
): AnyEndpoint<C>
export function endpoint<C>(declaration: AnyEndpoint<C>, ..._onlyWithout: unknown[]): AnyEndpoint<C> {
  return declaration
}

/** A call with all that serving it takes. */
type Route<C, D extends Caller> = {
  ctx: C
  gate: Gate<D>
  declared: AnyEndpoint<C>
  bodySize: BodySize
  write: Writer
  group: CallGroup | undefined
  /** Names of inputs that do not surprise. */
  known: names.KnownNames
}

export function registerEndpoints<C extends Needs, D extends Caller>(
  app: FastifyInstance,
  ctx: C,
  gate: Gate<D>,
  endpoints: readonly AnyEndpoint<C>[],
): void {
  for (const declared of endpoints) {
    const bodySize = sizeOfInputs(declared.input)
    const served = {
      ctx,
      gate,
      declared,
      bodySize,
      write: writerOf(declared.output),
      group: gate.groupOf(declared),
      known: names.knownNames(declared.input, ['devToken']),
    }
    for (const method of methodsOf(declared)) {
      app.route({
        method,
        url: declared.path,
        config: { bodySize },
        onRequest: (request, reply, done) => {
          const reading = gate.prepare(request.query as RawInputs, request)
          if (!reading) return meet(served, request, reply, done)
          reading.then(
            () => meet(served, request, reply, done),
            error => refuse(served, request, reply, error),
          )
        },
        handler: (request, reply) => {
          const reading = prepareFromBody(gate, request)
          const answer = () => run(served, request, reply)
          if (!reading) return answer()
          return reading.then(answer, error => refuse(served, request, reply, error))
        },
      })
    }
  }
}

/** Runs before the body is read. */
function meet<C extends Needs, D extends Caller>(
  served: Route<C, D>,
  request: FastifyRequest,
  reply: FastifyReply,
  done: () => void,
): void {
  try {
    if (request.method === 'POST') checkBeforeBody(served, request, reply)
    done()
  } catch (error) {
    refuse(served, request, reply, error)
  }
}

function refuse<C extends Needs, D extends Caller>(
  { ctx, gate, declared }: Route<C, D>,
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
): FastifyReply {
  const known = inClear(gate, request, toApiError(ctx, declared.path, request, error))
  ctx.metrics.countCall(declared.path, known.code, reply.elapsedTime)
  gate.note(declared, request, { failure: known, ms: reply.elapsedTime })
  return sendCallFailure(ctx, request, reply, known)
}

/** A token in the body is known only after the body has been read. */
function prepareFromBody<D extends Caller>(
  gate: Gate<D>,
  request: FastifyRequest,
): Promise<void> | undefined {
  const { body } = request
  const given = typeof body === 'object' && body !== null ? (body as RawInputs) : undefined
  return given && 'devToken' in given ? gate.prepare(given, request) : undefined
}

/** Every call of the API is accepted by POST too, because packets are POST. */
function methodsOf({ methods, path }: AnyEndpoint<never>): ('GET' | 'POST')[] {
  return path.startsWith('/api/') ? [...new Set([...methods, 'POST' as const])] : [...methods]
}

/** The answer in the clear to a packet that was not opened: whatever is wrong with its parts is one error. */
function inClear<D extends Caller>({ packets }: Gate<D>, request: FastifyRequest, known: ApiError): ApiError {
  return packets.isPacket(request) && known.error === 'badParameter' && known.status === 200
    ? packets.bad()
    : known
}

/**
 * A token in the query or a header is checked before the body is read. Who carries it in the body, as the document allows,
 * has to keep the body small, and to say how large it is.
 */
function checkBeforeBody<C extends Needs, D extends Caller>(
  { ctx: { availability, bodies }, gate, declared, bodySize }: Route<C, D>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { access, path, methods, isAlwaysClear } = declared
  const query = request.query as RawInputs
  if (gate.packets.isPacket(request)) {
    availability.check()
    if (isAlwaysClear) throw gate.packets.bad()
    const developer = gate.identify(query, request)
    gate.packets.checkMaySend(developer)
    bodies.belongsTo(request, senderOf(developer))
    return
  }
  if (!methods.includes('POST')) {
    reply.header('allow', methods.join(', '))
    throw wrongMethod(path, methods)
  }
  availability.check()
  if (access.by === 'developer' && (query['devToken'] || request.headers.authorization)) {
    bodies.belongsTo(request, senderOf(gate.identify(query, request)))
    return
  }
  const length = request.headers['content-length']
  if (length !== undefined ? Number(length) <= smallBody : !request.headers['transfer-encoding']) return
  if (bodySize.bytes <= smallBody && length !== undefined) throw tooLarge(bodySize.bytes)
  throw new ApiError(
    'badParameter',
    {
      zh: `请求体超过 ${smallBody} 字节时，devToken 应在地址或 Authorization 头里`,
      en: `with a body of more than ${smallBody} bytes, devToken belongs in the query or the Authorization header`,
    },
    { status: 413 },
  )
}

/** A call that is being answered, with what is known of it so far. */
type Run<C, D extends Caller> = Route<C, D> & {
  request: FastifyRequest
  reply: FastifyReply
  started: number
  developer: D | undefined
  packet: OpenPacket | undefined
  /** The inputs as they were sent. */
  sent: RawInputs | undefined
  admission: Admission | undefined
  unknown: names.UnknownName[] | undefined
}

/** Answers synchronously when the call waits for nothing, as calls that are answered from memory do. */
function run<C extends Needs, D extends Caller>(
  route: Route<C, D>,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const call: Run<C, D> = {
    ...route,
    request,
    reply,
    started: performance.now(),
    developer: undefined,
    packet: undefined,
    sent: undefined,
    admission: undefined,
    unknown: undefined,
  }
  try {
    const result = begin(call)
    return result instanceof Promise
      ? result.then(answer => succeed(call, answer)).catch(error => fail(call, error))
      : succeed(call, result)
  } catch (error) {
    return fail(call, error)
  }
}

/** Lets the caller in, opens their packet, and has the call handled in one of the developer's slots. */
function begin<C extends Needs, D extends Caller>(call: Run<C, D>): unknown {
  const { ctx, gate, declared, request } = call
  ctx.availability.check()
  const isSealed = gate.packets.isPacket(request)
  const given = isSealed ? (request.query as RawInputs) : givenInput(request)
  call.sent = given
  const developer = callerOf(gate, declared.access, given, request)
  call.developer = developer
  if (!developer) return handle(call, given)
  if (request.method === 'POST') ctx.bodies.belongsTo(request, senderOf(developer))
  admit(call, developer)
  checkMayCall(gate, declared, developer, isSealed)
  return gate.withSlot(developer, () => (isSealed ? handlePacket(call, developer) : handle(call, given)))
}

async function handlePacket<C extends Needs, D extends Caller>(
  call: Run<C, D>,
  developer: D,
): Promise<unknown> {
  const { gate, declared, request, bodySize } = call
  const packet = await gate.packets.open(developer, declared.path, request)
  call.packet = packet
  if (declared.isStream) throw streamInPacket()
  return handle(call, objectOf(readJson(packet.plain, bodySize.elements)))
}

/** Counts the call against its developer's limits. Throws 1010. */
function admit<C, D extends Caller>(call: Run<C, D>, caller: D | undefined): void {
  const { gate, group } = call
  if (!caller || !group) return
  call.admission = gate.admit(caller, group)
  if (call.admission.refusal) throw call.admission.refusal
}

/** Reads the inputs and calls the handler, with the developer's address book where the call takes one. */
function handle<C extends Needs, D extends Caller>(call: Run<C, D>, given: RawInputs): unknown {
  const { ctx, gate, declared, developer, known, request } = call
  call.sent = given
  call.unknown = names.unknownNames(known, given)
  if (call.unknown && developer?.strictInputs)
    throw names.unknownInputs(call.unknown, names.ofStrictDeveloper)
  const input = readInput(declared.input, given)
  const own = () => declared.handle(ctx, { input, developer, given, request } as never)
  const counted = () => (declared.outgoing && developer ? gate.goOut(developer).then(own) : own())
  const called = () =>
    developer && request.method === 'POST' ? gate.acting(developer, request, counted) : counted()
  return withDirectory(gate, declared, developer, input, called)
}

function succeed<C extends Needs, D extends Caller>(call: Run<C, D>, result: unknown): FastifyReply {
  const { gate, declared, developer, packet, request, reply, write } = call
  // A call for a token counts only after the secret was right, so that nobody can use up somebody else's limit.
  if (!developer) admit(call, gate.named(call.sent))
  const body = writeBody(result, write)
  const sealed = packet?.answer(wholeEnvelope(request, body))
  const ready = typeof body !== 'string' && 'wire' in body ? body : undefined
  finish(call, undefined, ready?.people, declared.refusedIn?.(result as never))
  const headers = ready?.headers ? { ...headersOf(call), ...ready.headers } : headersOf(call)
  return sealed ? sendSealed(request, reply, sealed, headers) : sendBody(request, reply, body, headers)
}

function fail<C extends Needs, D extends Caller>(call: Run<C, D>, error: unknown): FastifyReply {
  const { ctx, gate, declared, packet, request, reply } = call
  const failure = withMeantNames(toApiError(ctx, declared.path, request, error), call.unknown)
  finish(call, failure)
  if (packet && failure.status === 200) {
    const text = Buffer.from(failureText(request, failure))
    return sendSealed(request, reply, packet.answer(text), headersOf(call))
  }
  const told = packet ? failure : inClear(gate, request, failure)
  const headers = { ...headersOf(call), ...failureHeaders(ctx, request, told) }
  return sendWire(request, reply, toWire(failureText(request, told)), headers, told.status)
}

/** Counts and logs the call. `refused`: how many of the things that it asked for were refused. */
function finish<C extends Needs, D extends Caller>(
  { ctx, gate, declared, request, started, developer, sent, unknown }: Run<C, D>,
  failure: ApiError | undefined,
  people?: PersonalData,
  refused?: number,
): void {
  ctx.bodies.end(request)
  const ms = performance.now() - started
  ctx.metrics.countCall(declared.path, failure?.code ?? '0', ms)
  gate.note(declared, request, { developer, given: sent, failure, unknown, people, refused, ms })
}

/** The headers of every answer: of the limits, and for a developer who was let in. */
function headersOf<C extends Needs, D extends Caller>({ ctx, admission, developer, unknown }: Run<C, D>) {
  return {
    ...admission?.headers,
    ...(developer && homeHeaders(ctx, developer)),
    ...(unknown && names.warningHeaders(unknown)),
  }
}

function withDirectory<C, D extends Caller>(
  gate: Gate<D>,
  { directory, about }: AnyEndpoint<C>,
  developer: D | undefined,
  input: unknown,
  work: () => unknown,
): unknown {
  if (directory !== true || !developer) return work()
  return gate.during(developer.corpId, work, about?.(input as never))
}

/** Throws 1009 for a feature that is switched off, and 1000 where the developer's calls must be encrypted. */
function checkMayCall<C, D extends Caller>(
  gate: Gate<D>,
  { path, isAlwaysClear }: AnyEndpoint<C>,
  developer: D,
  isSealed: boolean,
): void {
  gate.checkOn(developer, path)
  if (!isSealed && !isAlwaysClear) gate.packets.checkMayBeClear(developer)
}

/** Undefined for calls that anybody may make in the clear. */
function callerOf<D extends Caller>(
  gate: Gate<D>,
  access: Access,
  given: RawInputs,
  request: FastifyRequest,
): D | undefined {
  if (access.by === 'developer') return gate.authenticate(given, request, access.scope)
  return gate.packets.isPacket(request) ? gate.identify(given, request) : undefined
}

/** Whose bodies are counted together. */
export function senderOf({ devId }: Caller): string {
  return `developer ${devId}`
}

export function givenInput(request: FastifyRequest): RawInputs {
  const query = request.query as RawInputs
  if (request.method === 'GET' || request.body === undefined) return query
  return { ...query, ...objectOf(request.body) }
}

function objectOf(body: unknown): RawInputs {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('badParameter', {
      zh: '请求体应为 JSON 对象',
      en: 'the body should be a JSON object',
    })
  }
  return body as RawInputs
}

type Writer = (answer: unknown) => string

/** Writes the declared parts of an answer as JSON, or returns a ready one. Throws when it does not match its declaration. */
export function writeBody(result: unknown, write: Writer): string | Answer {
  return result instanceof ReadyAnswer ? result.answer : write(result)
}
