import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Words } from '../../platform/http/words.ts'
import * as checkpoints from './checkpoints/checkpoint-store.ts'
import { findKey, originOf } from './checkpoints/key.ts'
import { verifierKey } from './checkpoints/note.ts'
import { isThisMachine } from './checkpoints/send.ts'
import { type EntryProof, proofOf } from './tree/proof.ts'
import type { TreeName } from './tree/source.ts'
import { treeRow, waitingCount } from './tree/tree-store.ts'
import { insertVerification, lastVerification, type Verification } from './verify/verification-store.ts'

const dayMs = 86_400_000
/** How old what has left may be: an hour and a day, and a day of tries. */
const provedForMs = { url: 2 * dayMs, members: 3 * dayMs }

export type Integrity = {
  tree: TreeName
  /** Entries in the tree, and rows that will enter within seconds. */
  size: number
  waiting: number
  isEntering: boolean
  /** With which others verify the signatures; '' before the first checkpoint. */
  verifierKey: string
  /** Latest first. */
  checkpoints: checkpoints.StoredCheckpoint[]
  url: string
  members: string[]
  sentAt: Date | null
  problem: Words | null
  /** Whether checkpoints have lately left this machine. Else whoever has the database could rewrite all of it unseen. */
  isProved: boolean
  verification: Verification | undefined
}

const shownCheckpoints = 20

/** What is known of a tree without reading it. */
export async function integrityOf(ctx: Core, tree: TreeName): Promise<Integrity> {
  const [row, waiting, list, destination, verification, key] = await Promise.all([
    treeRow(ctx.db, tree),
    waitingCount(ctx.db, tree),
    checkpoints.latestCheckpoints(ctx.db, tree, shownCheckpoints),
    checkpoints.destinationOf(ctx.db, tree),
    lastVerification(ctx.db, tree),
    findKey(ctx).catch(() => undefined),
  ])
  return {
    tree,
    size: row?.size ?? 0,
    waiting: waiting.waiting,
    isEntering: Boolean(row?.existing),
    verifierKey: key ? verifierKey(originOf(key, tree), key.publicKey) : '',
    checkpoints: list,
    url: destination?.url ?? '',
    members: destination?.members ?? [],
    sentAt: laterOf(destination?.urlAt ?? null, destination?.membersAt ?? null),
    problem: destination?.problem ?? null,
    isProved: isProved(destination, list[0], ctx),
    verification,
  }
}

function laterOf(a: Date | null, b: Date | null): Date | null {
  return a && b ? (a > b ? a : b) : (a ?? b)
}

function isProved(
  to: checkpoints.Destination | undefined,
  last: checkpoints.StoredCheckpoint | undefined,
  ctx: Pick<Core, 'now' | 'publicUrl'>,
): boolean {
  if (!to || !last) return false
  const now = ctx.now()
  const isLate = (at: Date | null, withinMs: number) => at === null || now - at.getTime() > withinMs
  const byUrl =
    to.url !== '' &&
    !isThisMachine(new URL(to.url), ctx.publicUrl()) &&
    (to.urlNumber === last.number || !isLate(to.urlAt, provedForMs.url))
  const byMembers =
    to.members.length > 0 && (to.membersNumber === last.number || !isLate(to.membersAt, provedForMs.members))
  return (byUrl && to.urlAt !== null) || (byMembers && to.membersAt !== null)
}

/** Asks for a verification, which a node does behind; one that is under way is not begun again. */
export async function askVerification(ctx: Core, actor: string, tree: TreeName): Promise<number> {
  return ctx.db.transaction().execute(async tx => {
    await checkpoints.putTreeOnce(tx, tree)
    await record(tx, ctx, {
      corpId: tree || null,
      actor,
      act: 'audit.verify',
      target: tree,
      detail: {},
    })
    return insertVerification(tx, { tree, askedAt: new Date(ctx.now()), askedBy: actor })
  })
}

export type ShownProof = EntryProof & { verifierKey: string; checkpoint: string }

/** The proof of an act by the latest checkpoint; undefined for one that no checkpoint has yet, or that is gone. */
export async function proofOfAct(ctx: Core, id: number): Promise<ShownProof | undefined> {
  const key = await findKey(ctx)
  let checkpoint = ''
  const found = await proofOf(ctx, 'audit', String(id), async tree => {
    const last = await checkpoints.lastCheckpoint(ctx.db, tree)
    checkpoint = last?.note ?? ''
    return last?.size
  })
  if (!found || !key) return undefined
  return { ...found, checkpoint, verifierKey: verifierKey(originOf(key, found.tree), key.publicKey) }
}
