/**
 * Code that works with the declarations of all features (alerts, events, backups, the overview, the nightly prune) gets them
 * from `ctx.offered` and names no feature. Tests read the migrated catalog and a filled database. They fail for a table that no
 * manifest declares, and for a sealed value that a key rotation would miss. A manifest names what its feature needs of those
 * before it, what it makes, and what its calls use of those after it. A handler that takes anything else does not compile, and
 * neither does a list in another order.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AnyJointAct } from '../acts/joint-act.ts'
import type { GrantKind } from '../audit/grants.ts'
import type { AnyCommand } from '../command/command.ts'
import type { KeptRows } from '../deleted/kept-rows.ts'
import type { AnyAdminCall } from '../http/admin/admin-call.ts'
import type { Caller } from '../http/caller.ts'
import type { AnyEndpoint } from '../http/endpoint.ts'
import type { AnyPageCall } from '../http/page-call.ts'
import type { AnyPassthrough } from '../http/passthrough/passthrough.ts'
import type { Scope } from '../http/scope.ts'
import type { AnyPush } from '../http/upstream-push.ts'
import type { Person } from '../http/visitor.ts'
import type { Gap } from '../inbox/missed.ts'
import type { SealedColumn } from '../security/sealed-columns.ts'
import type { Db } from '../storage/db.ts'
import type { FileReference } from '../storage/file-reference.ts'
import type { ErasureObstacle, PersonalTable, PersonEnd } from '../storage/personal/personal-table.ts'
import type { Retention } from '../storage/retention.ts'
import type { Language, Words } from '../words.ts'
import type {
  AccessEnd,
  Arrival,
  DepartmentsEnd,
  GroupFollower,
  GroupUses,
  HeardFollower,
} from './access-end.ts'
import type { CorpAttention } from './attention.ts'
import type { PressHandler } from './card-press.ts'
import type { AnyCause } from './cause.ts'
import type { EventReader } from './event-content.ts'
import type { EventTypes } from './event-type.ts'
import type { FactorReset } from './factor-reset.ts'
import type { OptionalDeclaration } from './optional.ts'
import type { SearchKind } from './search.ts'
import type { SessionEnd } from './session-end.ts'
import type { SettingsSection } from './settings-section.ts'
import type { CheckpointReceivers } from './setup/checkpoint-receivers.ts'
import type { TiedAddress } from './setup/tied.ts'
import type { UnreadyStep } from './setup/unready.ts'
import type { SmsCodes } from './sms-codes.ts'
import type { Tool } from './tool.ts'
import type { CheckOfConfig, OfflineContext, SettleStep } from './unopened.ts'
import type { WaitingRow } from './waiting.ts'

/** Something in memory that is read again when a corp's configuration changes; without a corp, all of it is. */
export type Reader = { reload(corpId?: string): Promise<void> }

/**
 * All that the rest of wisp knows of a feature. server/features.ts lists the manifests in the order in which the features are created;
 * code that works with something of all features (alerts, events, backups, the nightly prune) is given what they offer, and knows
 * none of them. `create` gets `Needs` of those before it; everything else runs when all features exist, and takes `Later` too.
 * See docs/decisions/manifests-and-what-they-leave-out.md.
 */
export type Manifest<Needs, Made, Later, Pages> = Declarations<Needs & Made & Later, Pages> & {
  /** Also the owner of its tables in web/docs/content/en/run/retention.md. */
  name: string
  /** Builds the feature. What it returns is in the context of all that come after it. */
  create?: (ctx: Needs) => Made | Promise<Made>
}

/** Something of a corp that roles can be restricted to. */
export type NamedObject = { id: string; name: string }

/** In the language of an operator's tools; '' is no corp. */
export type Warning = { corpId: string; text: string }

type End = (() => void) | undefined

type Declarations<C, Pages> = {
  /** Set for what each corp can switch off. */
  optional?: OptionalDeclaration<C>
  /** What a developer may be allowed to do with it; each scope belongs to one feature. */
  scopes?: readonly Scope[]
  /** Calls of the API. */
  calls?: readonly AnyEndpoint<C>[]
  /** Calls of management, for programs with an admin token. */
  adminCalls?: readonly AnyAdminCall<C>[]
  /** Calls of vendors that are passed on as they come. */
  passthroughs?: readonly AnyPassthrough<C>[]
  /** Calls of wisp's own pages; `test/authorisation.table.ts` has a row for each. */
  pageCalls?: Pages
  /** What upstreams push. */
  pushes?: readonly AnyPush<C>[]
  /** Addresses that are neither, such as pages that people open in WeChat. */
  routes?: (app: FastifyInstance, ctx: C) => void
  /**
   * Answers an address that no route has, such as one below a prefix that a corp chose; undefined for one that is not the feature's.
   * Asked for unknown addresses alone, so that the API does not wait for it.
   */
  unrouted?: (ctx: C, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> | undefined
  /** Of the command line, in the order in which the help lists them. */
  commands?: readonly AnyCommand<C, OfflineContext>[]
  /** What its commands with the same first words are about, by these words. */
  commandGroups?: Readonly<Record<string, Words>>
  /** What `wisp config check` tells beside the platform's own. */
  checkConfig?: CheckOfConfig
  /** What happens before a page is sent, by its name; undefined when the page is to be sent. */
  enter?: Readonly<
    Record<
      string,
      (ctx: C, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>
    >
  >
  /** Whether people may be led to this address of wisp once they are signed in, beside the pages that everybody knows of. */
  returnTo?: (ctx: C, path: string) => boolean
  /** The corp of somebody who opens a page without a session, by the page's name. */
  corpOf?: Readonly<Record<string, (ctx: C, request: FastifyRequest) => Promise<string | undefined>>>
  /** Every table of the feature, and how long its rows are kept. `files` are the references of all features. */
  tables?: readonly Retention[] | ((files: readonly FileReference[]) => readonly Retention[])
  sealed?: readonly SealedColumn[]
  /** What its tables keep of a person, why, and what becomes of it when the person is erased. */
  personal?: readonly PersonalTable[]
  /** What its tables let somebody do more than others; compared with the acts of the audit tree. */
  grants?: readonly GrantKind[]
  /** Why somebody who left may not be erased yet, such as a bill that is open. */
  obstacle?: ErasureObstacle<C>
  /** Ends what still waits for somebody, before their rows are erased. */
  endPerson?: PersonEnd<C>
  /** Its rows that come back with an app or a developer that was deleted. */
  kept?: readonly KeptRows[]
  /** Columns that name stored files. A file that none of them names is deleted in the night after a day. */
  files?: readonly FileReference[]
  /** Adds its figures to /metrics. */
  gauges?: (ctx: C) => void
  /** Why administrators may have to be told something, by the names under which the alerts are stored. */
  causes?: Readonly<Record<string, AnyCause<C>>>
  /** What administrators of these corps should look at, by a number of queries that does not grow with theirs. */
  attention?: (ctx: C, corpIds: readonly string[]) => Promise<CorpAttention[]>
  /** What has to be set up next before that works which the corp has switched on; nothing of it goes out before. None when it works. */
  unready?: (ctx: C, corpId: string) => readonly UnreadyStep[]
  /** What of the corp hangs on the address of wisp, as far as it was verified or has an address of its own. */
  tied?: (ctx: C, corpId: string) => readonly TiedAddress[] | Promise<readonly TiedAddress[]>
  /** What waits for this person: rows on the first page of the workbench. */
  waiting?: (ctx: C, corpId: string, person: Person) => Promise<WaitingRow[]>
  /** What Ctrl K finds in the console, by kind. */
  search?: Readonly<Record<string, SearchKind<C>>>
  /** What /readyz warns of: of which corp, and what. */
  warnings?: (ctx: C, language: Language) => Promise<Warning[]>
  /** What it tells developers, by type. */
  eventTypes?: EventTypes
  /** Contents of its events. */
  events?: EventReader<C>
  /** Enqueues what follows from new numbers in a corp's feed. */
  numbered?: (ctx: C, corpId: string) => Promise<void>
  /** Values that exist within the caller's data scope and permissions, by the names that sample inputs of calls have in braces. */
  trialValues?: (ctx: C, caller: Caller) => Record<string, unknown> | Promise<Record<string, unknown>>
  tools?: readonly Tool<C>[]
  /** Sections of the file of a corp's settings, by name. */
  settings?: Readonly<Record<string, SettingsSection<C>>>
  /** Where checkpoints of the audit tree can be sent, beside what its own feature knows. */
  checkpointReceivers?: CheckpointReceivers<C>
  /** How codes reach mobiles; one feature has it. */
  smsCodes?: SmsCodes<C>
  /** Refuses official accounts that the corp does not have. Throws 1000. */
  checkAccounts?: (ctx: C, corpId: string, originalIds: readonly string[]) => Promise<void>
  /** Refuses a budget of SMS, in the transaction that sets it, where no price of an SMS is known. Throws 1000, and 1013 while an older node lives. */
  checkSmsBudget?: (ctx: C, tx: Db, corpId: string) => Promise<void>
  /** Takes presses of the cards that this feature sent. */
  cardPressed?: PressHandler<C>
  arrived?: Arrival<C>
  agentHeard?: HeardFollower<C>
  /** The apps or developers of a corp, by id, to which a role can be restricted. */
  inRange?: { kind: 'app' | 'developer'; list: (ctx: C, corpId: string) => readonly NamedObject[] }
  groupsChanged?: GroupFollower<C>
  groupUses?: GroupUses<C>
  endAccess?: AccessEnd
  endDepartments?: DepartmentsEnd
  endSessions?: SessionEnd
  /**
   * Enqueues what asks upstreams again for all that they may have pushed in vain meanwhile, and keeps what cannot be asked for, in the
   * transaction that ends the gap.
   */
  missed?: (ctx: C, tx: Db, gap: Gap) => Promise<void>
  factorReset?: FactorReset
  /** Acts that take several of the three administrators, by the names under which they are stored. */
  jointActs?: Readonly<Record<string, AnyJointAct<C>>>
  /** After a backup was restored. */
  restored?: SettleStep
  /** What is kept in memory of a corp's configuration. */
  readers?: (ctx: C) => readonly Reader[]
  /** Called when the configuration of all features has been read again. */
  reloaded?: (ctx: C) => void
  /** Takes what is due from the queue. */
  work?: (ctx: C) => void
  /** Schedules what is done at fixed times. Called by nodes, and not by commands. */
  schedule?: (ctx: C) => void
  /** Starts what a node does by itself. The function that it returns stops it. */
  start?: (ctx: C) => End | Promise<End>
  /** Called when the node begins to refuse new calls: answers the calls that still wait for something. */
  drain?: (ctx: C) => void
  /** Ends and saves what is in memory; the features after it are closed before. */
  close?: (ctx: C) => Promise<void>
}

/** A feature of the list. The last three are for types only. */
export type Feature<Needs, Made, Later, Pages> = Manifest<Needs, Made, Later, Pages> & {
  readonly needs?: (ctx: Needs) => void
  readonly made?: Made
  readonly later?: (ctx: Later) => void
}

type NoPages = readonly []

/**
 * Declares a feature by what it needs of those before it, what it makes, and what its calls use of those after it. A handler
 * that takes anything else does not compile.
 */
export function feature<Needs, Made = unknown, Later = unknown>() {
  return <const Pages extends readonly AnyPageCall<Needs & Made & Later>[] = NoPages>(
    manifest: Manifest<Needs, Made, Later, Pages>,
  ): Feature<Needs, Made, Later, Pages> => manifest
}

/** Any feature, for code that works with all of them. */
export type AnyFeature = Manifest<never, unknown, unknown, readonly AnyPageCall<never>[]>

type NeedsOf<F> = F extends { needs?: (ctx: infer Needs) => void } ? Needs : never
type LaterOf<F> = F extends { later?: (ctx: infer Later) => void } ? Later : never
type ServicesOf<F> = F extends { made?: infer Made } ? Made : never

/** What is in the context when all of these have been created on `Base`. */
export type ServicesOfAll<Base, List> = List extends readonly [infer First, ...infer Rest]
  ? ServicesOfAll<Base & ServicesOf<First>, Rest>
  : Base

/**
 * `List`, if each feature finds what it needs among those before it, and what it uses later in the whole context; otherwise the
 * first feature that does not, and what it lacks.
 */
export type InOrder<Base, List, Whole = ServicesOfAll<Base, List>, All = List> = List extends readonly [
  infer First,
  ...infer Rest,
]
  ? Base extends NeedsOf<First>
    ? Whole extends LaterOf<First>
      ? InOrder<Base & ServicesOf<First>, Rest, Whole, All>
      : MissingNames<First, Exclude<keyof LaterOf<First>, keyof Whole>>
    : MissingNames<First, Exclude<keyof NeedsOf<First>, keyof Base>>
  : All

type MissingNames<F, Names> = { feature: F extends { name: infer Name } ? Name : never; lacks: Names }
