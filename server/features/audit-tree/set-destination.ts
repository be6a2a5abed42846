import { userKey } from '../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkText, isMailAddress, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import { OutboundRefused } from '../../platform/security/outbound-policy.ts'
import { s3Problem } from '../../upstream/s3/s3-address.ts'
import { bucketPurpose } from './checkpoints/bucket.ts'
import {
  type Bucket,
  type Destination,
  type DestinationSettings,
  destinationOf,
  putDestination,
} from './checkpoints/destination-store.ts'
import type { TreeName } from './tree/source.ts'

export type DestinationNeeds = Core & {
  outbound: Outbound
  mirrors: Pick<Mirrors, 'load'>
  offered: Pick<FeatureOffers, 'checkpointReceivers'>
}
type Needs = DestinationNeeds

export const membersAtMost = 10
export const urlAtMost = 500

/** What is left out stays. `bucketSecret` is clear; a bucket elsewhere, or with another key, takes it again. */
export type DestinationChange = Partial<DestinationSettings> & { bucketSecret?: string | undefined }

/** Where checkpoints go from now on; '', none and null end a way. Throws 1000 and 1001. */
export async function setDestination(
  ctx: Needs,
  actor: string,
  tree: TreeName,
  change: DestinationChange,
): Promise<void> {
  if (change.url) checkUrl(ctx, change.url, 'url')
  const members = change.members && (await checkMembers(ctx, tree, change.members))
  const mails = change.mails && checkMails(tree, change.mails)
  if (change.receiver) await checkReceiver(ctx, tree, change.receiver)
  const bucket = change.bucket && checkBucket(ctx, change.bucket)
  await ctx.db.transaction().execute(async tx => {
    const before = await destinationOf(tx, tree)
    const was = settingsOf(before)
    const settings: DestinationSettings = {
      url: change.url ?? was.url,
      members: members ?? was.members,
      mails: mails ?? was.mails,
      receiver: change.receiver ?? was.receiver,
      bucket: change.bucket === undefined ? was.bucket : (bucket ?? null),
    }
    const bucketSecret = secretOf(ctx, settings.bucket, before, change.bucketSecret)
    const isNewSecret = bucketSecret !== (before?.bucketSecret ?? null)
    const changes = [
      ...changesOf(toldOf(was), toldOf(settings)),
      ...(isNewSecret && settings.bucket ? [{ field: 'secretKey' }] : []),
    ]
    if (changes.length === 0) return
    const at = new Date(ctx.now())
    await putDestination(tx, tree, { ...settings, bucketSecret }, { at, actor })
    await record(tx, ctx, {
      corpId: tree || null,
      actor,
      act: 'audit.destination.set',
      target: tree,
      detail: { changes },
    })
  })
}

export function settingsOf(given: DestinationSettings | undefined): DestinationSettings {
  const { url = '', members = [], mails = [], receiver = '', bucket = null } = given ?? {}
  return { url, members, mails, receiver, bucket }
}

const toldOf = ({ bucket, ...rest }: DestinationSettings) => ({
  ...rest,
  bucket: bucket && bucketWords(bucket),
})

/** A bucket in a line, as people know it. */
export function bucketWords({ bucket, prefix, endpoint }: Bucket): string {
  return `s3://${bucket}/${prefix} @ ${new URL(endpoint).host}`
}

/** A secret goes with its key and its place alone. */
function secretOf(
  ctx: Needs,
  bucket: Bucket | null,
  before: Destination | undefined,
  given: string | undefined,
): string | null {
  if (bucket === null) return null
  if (given) return ctx.seal.seal(given, bucketPurpose)
  const was = before?.bucket
  const isSame =
    was?.endpoint === bucket.endpoint && was.bucket === bucket.bucket && was.accessKey === bucket.accessKey
  if (isSame && before?.bucketSecret) return before.bucketSecret
  throw new ApiError('missingParameter', {
    zh: 'secretKey：存储桶或密钥改了，请填写 Secret Key',
    en: 'secretKey: the bucket or its key has changed, so enter the Secret Key',
  })
}

const mailsAtMost = 10

function checkMails(tree: TreeName, given: readonly string[]): string[] {
  if (given.length > 0 && tree === '')
    throw new ApiError('badParameter', {
      zh: 'mails 只能用于企业的审计：邮件由企业的邮件服务器发出；整个平台的请填其它去处',
      en: 'mails are for the audit log of a corp, whose mail server sends them; for that of the installation set another way',
    })
  const mails = readSet(given, 'mails', mailsAtMost)
  const bad = mails.find(one => !isMailAddress(one))
  if (bad !== undefined)
    throw new ApiError('badParameter', {
      zh: told`mails：${bad} 不是邮箱地址，应如 audit@example.com`,
      en: told`mails: ${bad} is not a mail address; it should be like audit@example.com`,
    })
  return mails
}

async function checkReceiver({ offered }: Needs, tree: TreeName, id: string): Promise<void> {
  const receivers = await offered.checkpointReceivers.list(tree)
  if (receivers.some(one => one.id === id)) return
  throw new ApiError('badParameter', {
    zh: told`receiver：没有审计接收端 ${id}；请先在“转发”页添加`,
    en: told`receiver: there is no receiver ${id} of the audit log; add it on the page Forwarding first`,
  })
}

function checkBucket(ctx: Needs, given: Bucket): Bucket {
  const problem = s3Problem(given)
  if (problem)
    throw new ApiError('badParameter', {
      zh: told`${own(problem.field)} ${own(problem.zh)}`,
      en: told`${own(problem.field)} ${own(problem.en)}`,
    })
  if (!/^[A-Za-z0-9_./-]{0,200}$/.test(given.prefix) || given.prefix.startsWith('/'))
    throw new ApiError('badParameter', {
      zh: 'prefix 最多 200 个字母、数字、点、横线、下划线和 /，不以 / 开头',
      en: 'prefix takes at most 200 letters, digits, dots, hyphens, underscores and /, and does not begin with /',
    })
  checkText(given.accessKey, 'accessKey', 200)
  if (given.accessKey === '') throw new ApiError('missingParameter', 'accessKey')
  checkUrl(ctx, given.endpoint, 'endpoint')
  const { endpoint, region, bucket, addressing, prefix, accessKey } = given
  return { endpoint, region, bucket, addressing, prefix, accessKey }
}

function checkUrl({ outbound }: Needs, text: string, name: 'url' | 'endpoint'): void {
  const url = text.length <= urlAtMost && URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username || url.password)
    throw new ApiError('badParameter', {
      zh: told`${own(name)} 应为 https:// 或 http:// 开头的完整地址，不带用户名和密码，最多 ${own(urlAtMost)} 个字符`,
      en: told`${own(name)} should be a complete address with https:// or http://, without user name and password, of at most ${own(urlAtMost)} characters`,
    })
  try {
    outbound.checkEntered(url.hostname.replace(/^\[|\]$/g, ''))
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error
    throw new ApiError('badParameter', {
      zh: told`${own(name)}: ${error.words.zh}`,
      en: told`${own(name)}: ${error.words.en}`,
    })
  }
}

async function checkMembers(ctx: Needs, tree: TreeName, given: readonly string[]): Promise<string[]> {
  if (given.length === 0) return []
  if (tree === '')
    throw new ApiError('badParameter', {
      zh: 'members 只能用于企业的审计；整个平台的请填 url',
      en: 'members are for the audit log of a corp; for that of the installation set url',
    })
  if (given.length > membersAtMost)
    throw new ApiError('badParameter', {
      zh: told`members 最多 ${own(membersAtMost)} 人，收到 ${own(given.length)} 人`,
      en: told`members takes at most ${own(membersAtMost)} people, got ${own(given.length)}`,
    })
  const { members } = await ctx.mirrors.load(tree)
  const found = given.map(userId => {
    const member = members.byKey(userKey(userId))
    if (!member)
      throw new ApiError('badParameter', {
        zh: told`members: 没有账号为 ${userId} 的成员`,
        en: told`members: there is no member ${userId}`,
      })
    return member.userId
  })
  return [...new Set(found)]
}
