import { type Static, type TSchema, Type } from 'typebox'
import type { Corp, Corps } from '../../organisation/corps/corps.ts'
import type { MemberCore } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import type { ApiFields, Values } from '../../platform/http/input.ts'
import type { Scope } from '../../platform/http/scope.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { Words } from '../../platform/words.ts'
import type { CardWarning, TemplateCard } from '../../upstream/wecom/cards/template-card.ts'
import type { Brands } from '../branding/brands.ts'
import type { MediaFile } from '../message-media/media.ts'
import type { Accounts } from '../official/accounts/accounts.ts'
import type { Contact } from './contacts-store.ts'
import type { MessagePart, MessageRow, NewPart } from './part.ts'
import type { Reason, ReasonText } from './reason.ts'
import type { SettingField, SettingFields } from './setting-field.ts'

/** What a corp has set up for a channel. `extra` is what the channel keeps in tables of its own, for SMS its templates. */
/** `further` are the settings that come after the first, for a channel that takes several in order. */
export type Setup<S = unknown, E = unknown> = {
  settings: S | undefined
  extra: E | undefined
  further?: readonly S[]
}

/** What every corp has set up, kept in memory. */
export type Setups = {
  /** Whether the agent hears what is pushed to it, which takes its callback. */
  isHeard(corpId: string, agentId: number | null): boolean
  setupOf<S = unknown, E = unknown>(corpId: string, channel: string): Setup<S, E>
}

/** Servers that administrators entered are reached under the policy for outgoing calls alone. */
export type AddressNeeds = Core & { brands: Brands; outbound: Outbound }
/** What delivering takes besides. */
export type SendNeeds = AddressNeeds & { accounts: Accounts }

/** One call to upstream: what is sent, and to whom. */
export type ChannelCall<S = unknown, C = unknown, E = unknown> = {
  ctx: SendNeeds
  corp: Corp
  /** The developer who sends it; absent where an administrator does. */
  devId?: string | undefined
  setup: Setup<S, E>
  /** Unique over all sends of all installations; finds this send in a vendor's records. */
  key: string
  agentId: number | null
  content: C
  /** Index of the piece of a split text. */
  chunk: number
  userIds: readonly string[]
  memberIds: readonly number[]
  /** Whether upstream recognises a repetition of the request, such as by WeCom's duplicate check. */
  isChecked: boolean
  firstTriedAt: Date
  /** Whether an earlier attempt may have arrived. */
  isRepeated: boolean
  /** Where the receiver, who is one person then, stops messages of this type by this channel; undefined where they cannot. */
  stopUrl?: string | undefined
  /** By which of the channel's `ways`, and by which account of it. */
  way?: string | undefined
  account?: string | undefined
}

/** `fate`: what becomes of them where it is not failed: the `next` way is tried, or it is `unknown` whether they got it. */
export type Failure = { userId: string; reason: Reason; fate?: 'next' | 'unknown' }

/**
 * `sent`: upstream accepted it, except for the `failures`. `refused`: upstream did not accept it and never will.
 * `again`: it certainly was not sent, and may be accepted later. `unsure`: it may have arrived. `divide`: it
 * certainly was not sent, because of receivers that upstream does not name, or because one call takes `size` of them. `isConfig`: credentials or settings are
 * at fault (1008), and the caller is told the `reason` too. `failures`: reasons of single receivers. `responseCode`: by which what was
 * sent can be changed later. `isNext`: it certainly was not sent, and another way of the channel may take it. `serials`: upstream's own ids of
 * each address, for receipts that name nothing else. `addresses`: the receivers by their addresses of now, of which a call takes at most `size`.
 */
export type Outcome =
  | { kind: 'sent'; vendorId: string; failures: Failure[]; responseCode?: string; serials?: Serial[] }
  | { kind: 'refused'; reason: Reason; isConfig: boolean; failures?: Failure[]; isNext?: true }
  | { kind: 'again'; reason: Reason; afterMs?: number; isNext?: true }
  | { kind: 'unsure'; reason: Reason }
  | { kind: 'divide'; reason: Reason; size?: number; addresses: readonly (readonly string[])[] }

export type Serial = { phone: string; serial: string }

/** `way`: by which way of the channel it was sent, for one with several. */
export type Receipt = {
  context: string
  address: string
  isDelivered: boolean
  reason: string
  way?: string
}
/** What went to one address; `context` is the `key` of the call. */
export type Dispatch = { context: string; address: string; sentAt: Date; way?: string | undefined }
/**
 * `pull`: from the vendor's queue, each receipt once. `ask`: about one send; undefined when nothing is known yet. `take`: what was
 * pushed and lies in tables of another feature, each receipt once, in the transaction that keeps them here.
 */
export type ReceiptSource =
  | { pull(): Promise<Receipt[]> }
  | { way?: string; ask(sent: Dispatch): Promise<Receipt | undefined> }
  | { take(tx: Db, corpId: string, limit: number): Promise<Receipt[]> }

/** A content as a person reads it in the portal; `button` is what stands on its link, `card` a card of WeCom's that is drawn. */
export type PortalMessage = {
  title: string
  text: string
  url: string
  button: string
  picUrl: string
  card?: TemplateCard
  /** Those that are shown with it, or can be downloaded. */
  files?: readonly MediaFile[]
}

/** What the calls of all channels may give; a channel reads the fields that it declared. `files` are those that these name. */
export type ContentInput = Record<string, unknown> & { agentName: string; files?: readonly MediaFile[] }
/** `warnings`: what upstream takes but does not show as it is written. */
export type Composition<C> = {
  content: C
  truncated: string[]
  templateId?: string
  warnings?: readonly CardWarning[]
}

/** How much of the daily quota is left, and until when the rest would wait. */
export type Quota = { cap: number; left: number; needed: number; restAt: string }

/** A send that is foreseen; `pieces` is how many calls in a row carry it. */
export type PlannedSend = { members: readonly MemberCore[]; isAll: boolean; pieces: number }

/**
 * Why a member does not see a message. `isTaken`: upstream takes the message all the same, so that it counts as sent, and the member
 * sees it once the cause is over.
 */
export type Obstacle = { reason: Reason; isTaken: boolean }

/**
 * What is known beforehand of a send. `lost`: whom upstream will refuse. `unseen`: who will not see it yet although upstream takes it.
 * `pace`: how many wait because of a limit, and until when.
 */
export type SendForecast = {
  lost: Map<Reason, number>
  unseen: Map<Reason, number>
  pace: { persons: number; until: string } | undefined
  day: Quota
}

type SettingsNeeds = Core & { corps: Corps; messageSettings: Setups }
type SendingNeeds = Core & { messageSettings: Setups; mirrors: Mirrors }

/**
 * Several settings of one channel in order. `changed` runs in the transaction that changes which is first. Nodes that do not know the
 * migration `since` know only the first of them, and none that `isNew`.
 */
export type Places<S> = {
  atMost: number
  /** What must be true of all together. Throws ApiError 1000. */
  check(all: readonly S[]): void
  changed(db: Db, corpId: string, before: readonly S[], after: readonly S[]): Promise<void>
  nameOf(one: S): string
  since: string
  isNew(one: S): boolean
}

/**
 * A way to reach people, in one folder: `S` are its settings, `C` is the content of a message, `E` what it keeps in
 * tables of its own. channels.ts lists all channels; everything else goes through that list.
 */
export type Channel<S = unknown, C = unknown, E = unknown> = {
  label: Words
  /** `sendType` of `message/send` and of the console, and how the documents call it. */
  sendType: { value: string; word: Words }
  /** The channel has a call of its own in the API, and `message/send` does not take its `sendType`. */
  hasOwnCall?: true
  /** The feature that a corp must have switched on to send by it. */
  feature?: string

  /** Tells reasons of this channel; `textAdvice` is advice on an answer that has no code. */
  reasons: Record<string, ReasonText>
  textAdvice?(text: string): Words | undefined

  settings: {
    fields: SettingFields
    /** Further checks; throws ApiError 1000, naming the setting by `nameOf`. Returns what to store. */
    check?(given: S, nameOf: (field: string) => string, corp: Corp, extra: E | undefined): S
    /** What the vendor of these settings is given to push receipts to, where receipts of it are taken. */
    receiptUrl?(ctx: Core, corpId: string, settings: S): string | undefined
    /** The channel takes several settings in order, each of which is one of its `ways`. */
    places?: Places<S>
    /** What a corp's form shows beyond the declaration. */
    formOf?(ctx: SettingsNeeds, corpId: string): Promise<Record<string, Partial<SettingField>>>
    /** Whether messages can be sent. Without this function, they can once the settings are stored. */
    isReady?(settings: S | undefined, corp: Corp, extra: E | undefined): boolean
    /** Whether the corp wants the channel, so that it is told what is missing. Without this function, it does once settings are stored. */
    isBegun?(setup: Setup<S, E>): boolean
    /** What has to be set up before messages can be sent. */
    takes: Words
    /** The option of the command line that turns the channel off; absent when there is none. */
    offFlag?: string
    /** What the command line shows. Without this function, all that is no secret. */
    describe?(setup: Setup<S, E>): { data: object; facts: [string, string | number][] }
  }
  /** Reads what the channel keeps in tables of its own, by corp. */
  readExtra?(db: Db, corpId: string | undefined): Promise<Map<string, E>>

  /**
   * It reaches places, such as groups, and no members: each place that a content names is a receiver. Throws 1000 and 1002 for what the
   * caller may not send or name.
   */
  placesOf?(
    setup: Setup<S, E>,
    content: C,
    by: PlaceSender,
  ): { places: readonly Place[]; invalid: readonly string[] }

  /** The input that names places, and those that an administrator may choose. */
  placeChoice?: { input: string; all(setup: Setup<S, E>): readonly Place[] }

  /**
   * The inputs of such a channel: the one that names its places, and others that are for places alone; `invalid` is the field of an answer
   * that names those that cannot be used.
   */
  placeInputs?: { receivers: string; others: readonly string[]; invalid: 'invalidrobot' | 'invalidchat' }

  /** The setup with places that this node may not have in memory yet, because their developer made them a moment ago on another. */
  withPlaces?(db: Db, corpId: string, setup: Setup<S, E>, content: C): Promise<Setup<S, E>>

  /** The name of such a place; undefined for one that is gone. */
  placeName?(setup: Setup<S, E>, id: string): string | undefined

  /** Inputs that describe a message, apart from its receivers. */
  fields: ApiFields
  /** The composer's lines, for a channel without a composer of its own in web/. */
  lines?: Partial<Record<'title' | 'content' | 'url' | 'btntxt' | 'attachments', 'required' | 'optional'>>
  /**
   * What a content takes that not every corp has on, and not every older node knows; undefined for what all have known from the first. It
   * is refused with 1009 or 1013 else.
   */
  takes?(content: C): { feature: string; since: string } | undefined
  /** Builds the content, cut to the channel's limits. `truncated` names the inputs that were cut. Throws 1000, 1001, 1002. */
  compose(given: ContentInput, setup: Setup<S, E>): Composition<C>
  /** The inputs of a test message. */
  sample: Record<string, unknown>
  /** How many calls in a row carry one message; without this function one. */
  pieces?(content: C): number
  previewSchemas: readonly TSchema[]
  /** `given` is what the caller sent, if known; it is needed to tell what was cut off. */
  preview(content: C, setup: Setup<S, E>, given?: ContentInput): unknown
  read(content: C, setup: Setup<S, E>): PortalMessage

  /** Keeps a value that others gave from becoming markup of this channel. Without this function the channel shows all as it is. */
  plain?(value: string): string
  /** What a piece costs by this way, in fen, where its vendor's own price is set; else `corpPrice`. */
  priceOf?(setup: Setup<S, E>, way: string | undefined, corpPrice: number): number
  /** Each message costs, so that types of messages which use the channel wait for an administrator's approval. */
  isPaid?: true
  /** How many priced messages a content is for one person, where the channel is paid. */
  segments?(content: C, setup: Setup<S, E>): number
  /** What a developer needs beside `message:send` to send by a type that uses the channel, as by the channel's own call. */
  scope?: Scope

  /** Largest number of receivers in one call. */
  partSize: number
  /**
   * Limit on concurrent calls of a node. A crash leaves that many in doubt, so it is low where upstream is slow and
   * nothing proves what became of a call.
   */
  callsAtMost: number
  /** Assumed duration of a call until real calls have been measured. */
  usualMs: number
  /** Whether upstream takes this content to `@all` for everybody. */
  takesAll?(content: C): boolean
  /** Whether a content goes to each receiver by a call of its own. */
  isPerPerson?(content: C): boolean
  /** Upstream recognises a call that is repeated with the same bytes for so long. */
  repeatableMs?: number
  /** The agent that sends what a caller wants sent by `agentId`. Throws 1000. */
  agentOf?(
    ctx: Core & { corps: Corps },
    developer: Caller,
    agentId: string | undefined,
    setup: Setup<S, E>,
  ): Promise<number | null>
  /**
   * The names of the ways by which it sends, in the order in which they are tried, for a channel with several. A part says by which it goes
   * before it leaves.
   */
  ways?(setup: Setup<S, E>): readonly string[]
  /**
   * What tells the account behind a way from others that had its name: an account's record says nothing of what went by another. Undefined
   * for a way that is gone.
   */
  accountOf?(setup: Setup<S, E>, way: string): string | undefined
  /** Undefined for a way that an administrator named. */
  wayWords?(way: string): Words | undefined
  /** Why the channel cannot be used as it is configured, for error 1008; undefined when it can. */
  missing(setup: Setup<S, E>, corp: Corp, agentId: number | null): Reason | undefined
  /** What this content needs besides, when it is accepted, for error 1008. */
  lacks?(setups: Setups, corp: Corp, agentId: number | null, content: C): Reason | undefined
  /**
   * Why this member cannot be reached; undefined when they can. A channel without this function learns it from
   * upstream.
   */
  unreachable?(member: Contact): Reason | undefined
  /**
   * Whether a member is likely to get it, for a choice between channels; a channel that says beforehand who is unreachable
   * does without.
   */
  reaches?(member: Pick<MemberCore, 'status'>): boolean
  /**
   * The same for a channel whose addresses are not the members' own: which of these members cannot be reached, and why.
   * Without anybody left nothing is sent, and the caller is told 1007.
   */
  unreachableOf?(
    db: Db,
    corpId: string,
    content: C,
    memberIds: readonly number[],
  ): Promise<ReadonlyMap<number, Reason>>
  /** Members with the same address get one message together, for a channel that writes to addresses and not to persons. */
  addressOf?(member: Contact): string | undefined
  /** Members of one part must all have the same kind. Without this function, all members are of one kind. */
  kindOf?(member: Contact): string
  /** What upstream recognises as the same message; absent where it recognises nothing. */
  payload?(content: C, chunk: number, agentId: number | null, messageId: string): object
  /**
   * Runs in the transaction before parts leave: counts them against upstream's limits, and lets wait what is over
   * them. Returns new parts for receivers that were taken out of theirs.
   */
  prepare?(
    ctx: SendingNeeds,
    tx: Db,
    parts: NewPart[],
    messages: ReadonlyMap<string, MessageRow>,
  ): Promise<NewPart[]>
  /** Runs in the transaction that accepts messages, for what the channel keeps of them. */
  accepted?(tx: Db, sends: readonly { message: MessageRow; content: C }[]): Promise<void>
  /** Runs in the transaction that records calls, for what upstream gave with its answers. */
  answered?(
    tx: Db,
    calls: readonly {
      part: Pick<MessagePart, 'id' | 'corpId' | 'messageId' | 'n' | 'ways'>
      responseCode?: string | undefined
      serials?: readonly Serial[] | undefined
    }[],
    at: Date,
  ): Promise<void>
  /**
   * What a member's status in the address book tells of a message to them. Forecasts, lists of receivers and the help desk ask the same
   * function, so that they agree.
   */
  obstacle?(member: Pick<MemberCore, 'status'>): Obstacle | undefined
  /** How many of these members a call to `@all` reaches, as upstream names nobody of them. */
  countReached?(
    ctx: SendingNeeds,
    corp: Corp,
    agentId: number,
    members: Iterable<MemberCore>,
  ): Promise<number>
  /** What a list may show of a content whose values only its receiver may see. */
  outline?(content: C, setup: Setup<S, E>): string
  /** What a forecast tells beyond `unreachable`. */
  foresee?(ctx: SendingNeeds, corp: Corp, agentId: number, send: PlannedSend): Promise<SendForecast>
  /** Throws only before anything was sent; whatever happens afterwards is reported as an outcome. */
  send(outgoing: ChannelCall<S, C, E>): Promise<Outcome>
  /**
   * Asks the vendor's records about a part that may have been sent. `lacks`: they have nothing of any receiver. `noRecord`: the vendor
   * keeps none. Undefined when they prove nothing.
   */
  ask?(outgoing: ChannelCall<S, C, E>): Promise<'sent' | 'lacks' | 'noRecord' | undefined>
  /** Sends to an address that need not belong to a member, for tests. Throws 1000. */
  toAddress?: {
    label: Words
    send(
      ctx: AddressNeeds,
      corpId: string,
      setup: Setup<S, E>,
      address: string,
      content: C,
      by: { key: string; way?: string | undefined },
    ): Promise<Outcome>
  }
  recall?: {
    withinMs: number
    /** Returns why it cannot be recalled as the channel is configured; undefined when it was. */
    send(corp: Corp, agentId: number | null, vendorId: string): Promise<Reason | undefined>
  }
  /** `addressOf` finds the member of a receipt. */
  receipts?: {
    /** None as long as the channel is not set up, or its address not allowed. */
    sources(ctx: AddressNeeds, corpId: string, setup: Setup<S, E>): Promise<readonly ReceiptSource[]>
    addressOf(member: Contact): string | undefined
    /**
     * The corps that have something to ask for, of all of them in one statement. Without this function: those with a send about which
     * not all is known.
     */
    awaiting?(db: Db, sentAfter: Date): Promise<string[]>
    /** The corps besides of which receipts were pushed. */
    alsoOf?(db: Db): Promise<string[]>
  }
}

/** A place that takes messages. Its `n` is one of its channel's own in the corp. */
export type Place = { n: number; id: string; name: string }
/** Who sends to places. `nameOf`: of a member whom they see; undefined for a stranger. */
export type PlaceSender = { devId: string; isOperator: boolean; nameOf(userId: string): string | undefined }

export type PlainPreview = { title: string; text: string; url: string }

/** The preview of a channel whose messages need no picture of their own in web/. */
export function plainPreviewSchema<const N extends string>(name: N) {
  return Type.Object({
    channel: Type.Literal(name),
    title: Type.String(),
    text: Type.String(),
    url: Type.String(),
  })
}

export type PreviewIn<T extends readonly TSchema[]> = T[number] extends infer One
  ? One extends TSchema
    ? Static<One>
    : never
  : never

export type InputOf<F extends ApiFields> = Partial<Values<F>> & { agentName: string }
