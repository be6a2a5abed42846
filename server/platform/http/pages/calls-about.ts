import type { TSchema } from 'typebox'
import type { Point } from '../admin/points.ts'
import type { PageAccess } from '../gate.ts'
import type { Fields, Values } from '../input.ts'
import type { OutgoingUse, PageCall, PageRequest } from '../page-call.ts'

/** What a call about one of these things takes: their content apart from what people wrote to them. */
type Right = 'read' | 'content' | 'inspect' | 'replay'

/** One kind of the things that several features have, such as agents and official accounts: where its calls are, and how they name one. */
export type Kind<B extends `/web/${string}`, F extends Fields, A extends PageAccess, C, O> = {
  /** With what their paths begin. */
  base: B
  access: A
  /** The point of each right to them. */
  points: Record<Right, Point>
  /** What names one of them. */
  input: F
  /** Throws for one that there is not, and for one that is not the visitor's. */
  find(ctx: C, call: PageRequest<F, A>): O
}

/** Inputs, output and handler as of `pageCall`, without what is the same for all calls about these things. */
type Declaration<M, P, I extends Fields, A extends PageAccess, S extends TSchema, C, O> = {
  method: M
  path: P
  right: Right
  input?: I
  output: S
  outgoing?: OutgoingUse
  handle(ctx: C, call: Omit<PageRequest<I, A>, 'input'> & { input: Values<I>; of: O }): Promise<PageAnswer<S>>
}
type PageAnswer<S extends TSchema> = Awaited<
  ReturnType<PageCall<'GET', '/web/', Fields, PageAccess, S, never>['handle']>
>

/** Declares calls about one of these things, each of which is handed the one that it is about. */
export type CallsAbout<B extends `/web/${string}`, F extends Fields, A extends PageAccess, C, O> = <
  const M extends 'GET' | 'POST',
  const P extends string,
  S extends TSchema,
  D,
  const I extends Fields = Record<never, never>,
>(
  declared: Declaration<M, P, I, A, S, D, O>,
) => PageCall<M, `${B}${P}` & `/web/${string}`, F & I, A, S, C & D>

export function callsAbout<
  const B extends `/web/${string}`,
  const F extends Fields,
  const A extends PageAccess,
  C,
  O,
>({ base, access, points, input, find }: Kind<B, F, A, C, O>): CallsAbout<B, F, A, C, O> {
  return ({ path, right, input: more, ...declared }) => {
    const all = { ...input, ...more }
    return { ...declared, access, point: points[right], path: `${base}${path}`, input: all, find } as never
  }
}
