import type { Static, TObject } from 'typebox'
import type { Act } from '../audit/acts.ts'
import type { Detail } from '../audit/audit.ts'
import type { ThreeRole } from '../http/admin/three-role.ts'
import type { Db } from '../storage/db.ts'
import type { Words } from '../words.ts'

/** Who of the three may propose an act or agree to it, and how many different ones it takes, whoever proposed it included. */
export type JointNeed = { roles: readonly ThreeRole[]; count: 2 | 3 }

/** Whom an act is about. `about` is shown and kept; nobody of `memberIds` may propose it or agree to it. */
export type JointSubject = { about: string; memberIds: readonly number[] }

/** What the act was, for the audit log. `detail` holds no secret. */
export type JointResult = { act: Act; target: string; targetName?: string; detail: Detail }

/**
 * An act that takes several of the three administrators. `corpId` is undefined for the installation. It is checked when it is proposed
 * and once more before it is done, because what it is about may have changed in between.
 */
export type JointAct<C, S extends TObject = TObject> = {
  title: Words
  /** What is given with a proposal. */
  shape: S
  needs(given: Static<S>): JointNeed
  /** What is given, by the fields of the audit log; those who agree read it. Without it the fields of `shape` are the log's. */
  detail?(given: Static<S>): Detail
  /** Throws what the act itself would throw. */
  check(ctx: C, corpId: string | undefined, given: Static<S>): Promise<JointSubject>
  /** In the transaction of the last agreement, which records it and tells the nodes to read the configuration again. `actor` agreed last. */
  run(ctx: C, tx: Db, actor: string, corpId: string | undefined, given: Static<S>): Promise<JointResult>
  /** Once it is committed, on this node. */
  after?(ctx: C): void
}

/** Any such act that a context of type C can do. */
export type AnyJointAct<C> = {
  title: Words
  shape: TObject
  needs(given: never): JointNeed
  detail?(given: never): Detail
  check(ctx: C, corpId: string | undefined, given: never): Promise<JointSubject>
  run(ctx: C, tx: Db, actor: string, corpId: string | undefined, given: never): Promise<JointResult>
  after?(ctx: C): void
}

export function jointAct<C, const S extends TObject>(declaration: JointAct<C, S>): AnyJointAct<C> {
  return declaration as AnyJointAct<C>
}

/** An act bound to the context. */
export type OfferedJointAct = {
  title: Words
  shape: TObject
  needs(given: unknown): JointNeed
  detail(given: unknown): Detail
  check(corpId: string | undefined, given: unknown): Promise<JointSubject>
  run(tx: Db, actor: string, corpId: string | undefined, given: unknown): Promise<JointResult>
  after(): void
}

export function boundJointAct(
  { title, shape, needs, detail, check, run, after }: AnyJointAct<never>,
  ctx: () => never,
): OfferedJointAct {
  return {
    title,
    shape,
    needs: given => needs(given as never),
    detail: given => detail?.(given as never) ?? (given as Detail),
    check: (corpId, given) => check(ctx(), corpId, given as never),
    run: (tx, actor, corpId, given) => run(ctx(), tx, actor, corpId, given as never),
    after: () => after?.(ctx()),
  }
}
