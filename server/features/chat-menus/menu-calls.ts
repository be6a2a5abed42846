import { type Static, type TSchema, Type } from 'typebox'
import type { Core } from '../../platform/core.ts'
import type { PageAccess } from '../../platform/http/gate.ts'
import { type Fields, optionalInteger, structured } from '../../platform/http/input.ts'
import { time } from '../../platform/http/output.ts'
import type { CallsAbout } from '../../platform/http/pages/calls-about.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { Menus } from './versions.ts'

const atMost = 2_147_483_647
const savedSchema = Type.Object({ n: Type.Number() })
const input = {
  n: { ...optionalInteger('版本', { min: 1, max: atMost }), required: true },
  from: { ...optionalInteger('编辑时的版本；没有时为 0', { min: 0, max: atMost }), required: true },
} as const

function versionsOf<S extends TSchema>(menu: S) {
  const version = Type.Object({
    n: Type.Number(),
    source: Type.Enum(['edit', 'pull', 'rollback']),
    actor: Type.String(),
    createdAt: time,
    publishedAt: Type.Union([time, Type.Null()]),
    menu,
  })
  return Type.Object({ list: Type.Array(version), total: Type.Number() })
}

/** The calls with which administrators change the menus of these owners. `outgoing` marks those by which the vendor is changed. */
export function menuCalls<
  B extends `/web/${string}`,
  F extends Fields,
  A extends PageAccess,
  C,
  O,
  S extends TSchema,
>(
  call: CallsAbout<B, F, A, C, O>,
  menus: Menus<C, O, Static<S>>,
  menuSchema: S,
  outgoing: { outgoing?: true },
) {
  type Ctx = C & Core
  const actorOf = ({ visitor }: { visitor: unknown }) => (visitor as Visitor).actor
  return [
    call({
      method: 'POST',
      path: '/menu/save',
      right: 'content',
      input: { from: input.from, menu: structured('菜单', menuSchema) },
      output: savedSchema,
      async handle(ctx: Ctx, given) {
        const { menu, from = 0 } = given.input
        return { n: await menus.saveMenu(ctx, actorOf(given), given.of, menu, from) }
      },
    }),
    call({
      method: 'POST',
      path: '/menu/publish',
      right: 'content',
      ...outgoing,
      output: savedSchema,
      async handle(ctx: Ctx, given) {
        return { n: await menus.publishMenu(ctx, actorOf(given), given.of) }
      },
    }),
    call({
      method: 'POST',
      path: '/menu/withdraw',
      right: 'content',
      ...outgoing,
      output: Type.Object({}),
      async handle(ctx: Ctx, given) {
        await menus.withdrawMenu(ctx, actorOf(given), given.of)
        return {}
      },
    }),
    call({
      method: 'POST',
      path: '/menu/pull',
      right: 'content',
      outgoing: true,
      /** `n` is null when the vendor has no menu. */
      output: Type.Object({ n: Type.Union([Type.Number(), Type.Null()]) }),
      async handle(ctx: Ctx, given) {
        return { n: (await menus.pullMenu(ctx, actorOf(given), given.of)) ?? null }
      },
    }),
    call({
      method: 'POST',
      path: '/menu/roll-back',
      right: 'content',
      input: { n: input.n },
      output: savedSchema,
      async handle(ctx: Ctx, given) {
        return { n: await menus.rollBackMenu(ctx, actorOf(given), given.of, given.input.n ?? 0) }
      },
    }),
    call({
      method: 'GET',
      path: '/menu/versions',
      right: 'read',
      output: versionsOf(menuSchema),
      async handle(ctx: Ctx, { of }) {
        const list = await menus.menuVersionsOf(ctx, of)
        return { list, total: list.length }
      },
    }),
  ] as const
}
