import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Words } from '../../platform/words.ts'
import * as checkpoints from './checkpoints/checkpoint-store.ts'
import {
  type Destination,
  type DestinationSettings,
  dailyWays,
  destinationOf,
  type Way,
  ways,
} from './checkpoints/destination-store.ts'
import { findKey, originOf } from './checkpoints/key.ts'
import { verifierKey } from './checkpoints/note.ts'
import { isThisMachine } from './checkpoints/send.ts'
import { type GrantsRow, grantsRow } from './grants/grants-store.ts'
import { settingsOf } from './set-destination.ts'
import { type EntryProof, proofOf } from './tree/proof.ts'
import type { TreeName } from './tree/source.ts'
import { treeRow, waitingCount } from './tree/tree-store.ts'
import { insertVerification, lastVerification, type Verification } from './verify/verification-store.ts'

type Needs = Core & { offered: Pick<FeatureOffers, 'checkpointReceivers'> }

const dayMs = 86_400_000
/** How old what has left may be: an hour or a day, and a day of tries. */
const provedForMs = (way: Way) => (dailyWays.includes(way) ? 3 * dayMs : 2 * dayMs)

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
  to: DestinationSettings
  /** The receiver by its name. */
  receiverName: string
  sentAt: Date | null
  problem: Words | null
  /** Whether checkpoints have lately left this machine. Else whoever has the database could rewrite all of it unseen. */
  isProved: boolean
  verification: Verification | undefined
  /** The last comparison of grants; undefined before the first. */
  grants: GrantsRow | undefined
}

const shownCheckpoints = 20

/** Returns what is known of a tree without reading it. */
export async function integrityOf(ctx: Needs, tree: TreeName): Promise<Integrity> {
  const [row, waiting, list, destination, verification, grants, key] = await Promise.all([
    treeRow(ctx.db, tree),
    waitingCount(ctx.db, tree),
    checkpoints.latestCheckpoints(ctx.db, tree, shownCheckpoints),
    destinationOf(ctx.db, tree),
    lastVerification(ctx.db, tree),
    grantsRow(ctx.db, tree),
    findKey(ctx).catch(() => undefined),
  ])
  const receivers = destination?.receiver ? await ctx.offered.checkpointReceivers.list(tree) : []
  const receiver = receivers.find(one => one.id === destination?.receiver)
  return {
    tree,
    size: row?.size ?? 0,
    waiting: waiting.waiting,
    isEntering: Boolean(row?.existing),
    verifierKey: key ? verifierKey(originOf(key, tree), key.publicKey) : '',
    checkpoints: list,
    to: settingsOf(destination),
    receiverName: receiver?.name ?? destination?.receiver ?? '',
    sentAt: latestOf(ways.map(way => destination?.sent[way].at ?? null)),
    problem: destination?.problem ?? null,
    isProved: isProved(ctx, destination, list[0], receiver?.host),
    verification,
    grants,
  }
}

function latestOf(times: readonly (Date | null)[]): Date | null {
  const known = times.filter(one => one !== null).map(one => one.getTime())
  return known.length > 0 ? new Date(Math.max(...known)) : null
}

function isProved(
  ctx: Pick<Core, 'now' | 'publicUrl'>,
  to: Destination | undefined,
  last: checkpoints.StoredCheckpoint | undefined,
  receiverHost: string | undefined,
): boolean {
  if (!to || !last) return false
  const hosts: Partial<Record<Way, string | undefined>> = {
    url: to.url && new URL(to.url).hostname,
    receiver: receiverHost,
    bucket: to.bucket ? new URL(to.bucket.endpoint).hostname : undefined,
  }
  return ways.some(way => {
    const { number, at } = to.sent[way]
    const hostname = hosts[way]
    const isElsewhere = dailyWays.includes(way)
      ? to[way as 'members' | 'mails'].length > 0
      : Boolean(hostname) && !isThisMachine({ hostname: hostname ?? '' }, ctx.publicUrl())
    const isLate =
      at === null ||
      ctx.now() - at.getTime() > provedForMs(way) ||
      at > checkpoints.aheadOf(new Date(ctx.now()))
    return isElsewhere && at !== null && (number === last.number || !isLate)
  })
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
