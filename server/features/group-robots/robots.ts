import { randomBytes } from 'node:crypto'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { perform } from '../../platform/acts/perform.ts'
import { record } from '../../platform/audit/audit.ts'
import { changesOf } from '../../platform/audit/changes.ts'
import { boundGrants } from '../../platform/audit/grants.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkVersion, versionOf } from '../../platform/http/form-version.ts'
import { readName, readSet } from '../../platform/http/rules.ts'
import { own, told } from '../../platform/http/told.ts'
import type { Outbound } from '../../platform/security/outbound.ts'
import type { Db } from '../../platform/storage/db.ts'
import type { RobotVendor } from '../../upstream/robots/robot.ts'
import { robotVendors } from '../../upstream/robots/robots.ts'
import type { Brands } from '../branding/brands.ts'
import type { Outcome, Setups } from '../channels/channel.ts'
import { robotContent } from '../channels/robot/content.ts'
import { addressSealed, postBy, secretSealed } from '../channels/robot/deliver.ts'
import { robotVendorWords } from '../channels/robot/reasons.ts'
import type { Robot, Robots } from '../channels/robot/robots-store.ts'
import { robotGrants } from './granted-store.ts'
import * as store from './store.ts'

export type RobotNeeds = Core & {
  brands: Brands
  corps: Corps
  developers: Developers
  messageSettings: Setups
  outbound: Outbound
}

export const robotVendorNames = Object.keys(robotVendors) as RobotVendor[]

/** What is given of it is changed. `address` and `secret` are clear; a `secret` of '' takes it away. */
export type RobotChange = {
  name?: string | undefined
  address?: string | undefined
  secret?: string | undefined
  givesMobiles?: boolean | undefined
  devIds?: readonly string[] | undefined
}
export type NewRobot = RobotChange & { name: string; vendor: RobotVendor; address: string }

const robotsAtMost = 200
const developersAtMost = 200

export function robotsOf(ctx: { messageSettings: Setups }, corpId: string): Robots {
  return ctx.messageSettings.setupOf<unknown, Robots>(corpId, 'robot').extra ?? new Map()
}

/** Throws 1000. */
export function robotOf(ctx: { messageSettings: Setups }, corpId: string, id: string): Robot {
  const found = robotsOf(ctx, corpId).get(id)
  if (!found) throw noRobot(id)
  return found
}

function noRobot(id: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有群机器人 ${id}`,
    en: told`there is no group robot ${id}`,
  })
}

const formOf = ({ name, address, secret, givesMobiles, devIds }: Robot) => ({
  name,
  address,
  secret,
  givesMobiles,
  devIds,
})
export const robotVersion = (robot: Robot): string => versionOf(formOf(robot))

/** Throws 1000 and 1001. */
export async function addRobot(
  ctx: RobotNeeds,
  actor: string,
  corpId: string,
  { vendor, ...given }: NewRobot,
): Promise<string> {
  ctx.corps.get(corpId)
  const change = await checked(ctx, corpId, vendor, given)
  if (robotsOf(ctx, corpId).size >= robotsAtMost)
    throw new ApiError('badParameter', {
      zh: told`每个企业最多 ${own(robotsAtMost)} 个群机器人`,
      en: told`a corp has at most ${own(robotsAtMost)} group robots`,
    })
  const id = `robot:${randomBytes(6).toString('hex')}`
  const { name = '', devIds = [], givesMobiles = false } = change
  await perform(ctx, { act: 'message.robot', actor, corpId }, async tx => {
    const at = new Date(ctx.now())
    await store.insertRobot(tx, { corpId, id, vendor, at, ...sealed(ctx, { ...change, name, givesMobiles }) })
    await store.putGrants(tx, { corpId, id }, devIds)
    const changes = changesOf({}, { name, vendor, givesMobiles, devIds: [...devIds] })
    const grants = await boundDevelopers(tx, corpId, id, devIds)
    return { target: id, targetName: name, detail: { changes, grants }, answer: undefined }
  })
  return id
}

/** `version` is that of the form that was filled. Throws 1000 and 1001. */
export async function setRobot(
  ctx: RobotNeeds,
  actor: string,
  corpId: string,
  id: string,
  given: RobotChange,
  version?: string,
): Promise<void> {
  const { vendor } = robotOf(ctx, corpId, id)
  const change = await checked(ctx, corpId, vendor, given)
  await perform(ctx, { act: 'message.robot', actor, corpId }, async tx => {
    const was = await store.lockRobot(tx, { corpId, id })
    if (!was) throw noRobot(id)
    checkVersion(formOf(was), version)
    await store.updateRobot(tx, { corpId, id }, sealed(ctx, change), new Date(ctx.now()))
    if (change.devIds) await store.putGrants(tx, { corpId, id }, change.devIds)
    const { address, secret, devIds, ...open } = change
    const told = { ...open, address, secret, devIds: devIds && [...devIds] }
    const changes = changesOf(was, told, ['address', 'secret'])
    const grants = await boundDevelopers(tx, corpId, id, [...was.devIds, ...(devIds ?? [])])
    return { target: id, targetName: change.name ?? was.name, detail: { changes, grants }, answer: undefined }
  })
}

const boundDevelopers = (tx: Db, corpId: string, id: string, devIds: readonly string[]) =>
  boundGrants(
    tx,
    robotGrants,
    corpId,
    devIds.map(devId => `${id}/${devId}`),
  )

/** What was accepted for it and has not left fails with that reason. Throws 1000. */
export async function removeRobot(ctx: RobotNeeds, actor: string, corpId: string, id: string): Promise<void> {
  const { name } = robotOf(ctx, corpId, id)
  await perform(ctx, { act: 'message.robot.remove', actor, corpId }, async tx => {
    await store.deleteRobot(tx, { corpId, id })
    return { target: id, targetName: name, detail: { name }, answer: undefined }
  })
}

/** Posts a test message, of which the group sees who tests. Throws 1000. */
export async function testRobot(
  ctx: RobotNeeds,
  actor: string,
  corpId: string,
  id: string,
): Promise<Outcome> {
  const robot = robotOf(ctx, corpId, id)
  const { name } = ctx.corps.get(corpId)
  const { content } = robotContent({
    agentName: name,
    toRobot: [id],
    title: '测试',
    content: '这是一条测试消息。收到它说明群机器人可以使用。',
  })
  const outcome = await postBy(ctx, corpId, robot, content)
  const detail = { ok: outcome.kind === 'sent' }
  await record(ctx.db, ctx, {
    corpId,
    actor,
    act: 'message.test',
    target: id,
    targetName: robot.name,
    detail,
  })
  return outcome
}

async function checked(
  ctx: RobotNeeds,
  corpId: string,
  vendor: RobotVendor,
  { name, address, secret, givesMobiles, devIds }: RobotChange,
): Promise<RobotChange> {
  if (address !== undefined) await checkAddress(ctx, corpId, vendor, address)
  if (secret && !robotVendors[vendor].takesSecret)
    throw new ApiError('badParameter', {
      zh: told`secret：${own(robotVendorWords[vendor].zh)}的群机器人没有签名密钥`,
      en: told`secret: group robots of ${own(robotVendorWords[vendor].en)} have no secret to sign with`,
    })
  if (secret !== undefined && secret.length > 200) throw new ApiError('badParameter', told`secret`)
  if (givesMobiles && vendor !== 'dingtalk')
    throw new ApiError('badParameter', {
      zh: '只有钉钉的群机器人按手机号提及成员',
      en: 'only group robots of DingTalk mention people by their mobile numbers',
    })
  const owners = devIds && readSet([...devIds], 'devIds', developersAtMost)
  for (const devId of owners ?? [])
    if (ctx.developers.get(devId)?.corpId !== corpId)
      throw new ApiError('badParameter', {
        zh: told`没有开发者 ${devId}`,
        en: told`there is no developer ${devId}`,
      })
  return {
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(address === undefined ? {} : { address }),
    ...(secret === undefined ? {} : { secret }),
    ...(givesMobiles === undefined ? {} : { givesMobiles }),
    ...(owners === undefined ? {} : { devIds: owners }),
  }
}

/** The vendor's own address, or one of a host that this installation's owner listed in WISP_OUTBOUND_ALLOW. Throws 1000. */
async function checkAddress(
  { outbound }: RobotNeeds,
  corpId: string,
  vendor: RobotVendor,
  address: string,
): Promise<void> {
  const { host, path, key } = robotVendors[vendor]
  const url = URL.parse(address)
  const fits = url !== null && path.test(url.pathname) && (key === undefined || !!url.searchParams.get(key))
  const isVendors = url?.protocol === 'https:' && url.host === host
  const asker = { slot: 'servers', of: corpId } as const
  const isListed = async () =>
    /^https?:$/.test(url?.protocol ?? '') && (await outbound.place(url?.hostname ?? '', asker)).isNamed
  if (address.length <= 500 && fits && (isVendors || (await isListed().catch(() => false)))) return
  const words = robotVendorWords[vendor]
  throw new ApiError('badParameter', {
    zh: told`address 应为${own(words.zh)}群机器人的地址，以 https://${own(host)}/ 开头；私有部署的域名须在 WISP_OUTBOUND_ALLOW 中列出`,
    en: told`address should be that of a group robot of ${own(words.en)}, which begins with https://${own(host)}/; WISP_OUTBOUND_ALLOW must list the host of a private installation`,
  })
}

function sealed(ctx: Core, { address, secret, name, givesMobiles }: RobotChange): store.RobotColumns {
  const seal = (value: string, column: { purpose: unknown }) => ctx.seal.seal(value, column.purpose as string)
  return {
    ...(name === undefined ? {} : { name }),
    ...(givesMobiles === undefined ? {} : { gives_mobiles: givesMobiles }),
    ...(address === undefined ? {} : { address: seal(address, addressSealed) }),
    ...(secret === undefined ? {} : { secret: secret ? seal(secret, secretSealed) : null }),
  }
}
