import { changeOwners, readOwners } from '../../server/callers/developers/owners/owners.ts'
import { putTemplate, setApprovals } from '../../server/features/approvals/setup/setup.ts'
import { addApp } from '../../server/features/apps/apps.ts'
import { sendCard } from '../../server/features/cards/cards.fixture.ts'
import { useAgents, useSms } from '../../server/features/messages/messages.fixture.ts'
import { requestPull } from '../../server/features/official/followers/pull/pull.ts'
import { findPull } from '../../server/features/official/followers/pull/store.ts'
import {
  linkFollower,
  openidsOf,
  useMeetingTemplate,
} from '../../server/features/official/templates/link.fixture.ts'
import { pullTemplates } from '../../server/features/official/templates/templates.ts'
import { connectMerchant } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { orderBills } from '../../server/features/payments/orders/order-bills.ts'
import { billOf, memberId, payAt } from '../../server/features/payments/payments.fixture.ts'
import { addSource } from '../../server/features/source/set-source.ts'
import { addGroup } from '../../server/organisation/groups/groups.ts'
import { scopes } from '../../server/platform/http/scope.ts'
import { type Caller, startWorld, type World } from '../harness.ts'
import { until } from '../until.ts'

async function own({ ctx, corpId }: World, { devId }: Caller, userId: string): Promise<void> {
  const owners = await readOwners(ctx, corpId, [userId])
  await changeOwners(ctx.db, { corpId, devId }, owners, new Date(ctx.now()), undefined)
}

/** A bill that the developer made and somebody has paid. */
async function payBill(world: World, dev: Caller): Promise<void> {
  const bill = { billNo: 'paid-1', userId: 'zhangsan', title: '餐费', amount: 100 }
  const billId = Number((await dev.post('/api/pay/bill/create', bill)).body.billId)
  const payer = { corpId: world.corpId, payerId: await memberId(world, 'zhangsan') }
  const { outTradeNo } = await orderBills(world.ctx, {
    ...payer,
    billIds: [billId],
    place: { product: 'native' },
  })
  await payAt(world, { outTradeNo })
  await until('it is paid', async () => (await billOf(world, billId)).state === 'paid')
}

/** A template that the developer may use, and an approval that it submitted. */
async function submitApproval(world: World, dev: Caller, agentId: number): Promise<void> {
  const { ctx, corpId } = world
  const templateId = 'trial'
  const property = { control: 'Text', id: 'Text-1', title: [{ text: '请假事由', lang: 'zh_CN' }], require: 1 }
  await world.control('approvals/template', { templateId, name: '请假', controls: [{ property }] })
  await setApprovals(ctx, 'test', corpId, { agentId, appId: null })
  const grants = [{ devId: dev.devId, applies: true, reads: true }]
  await putTemplate(ctx, 'test', corpId, { templateId, grants })
  const form = { templateId, userId: 'zhangsan', fields: { 请假事由: '家中有事' }, requestId: 'trial-1' }
  const { body, retMessage } = await dev.post('/api/approval/apply', form)
  if (!body?.spNo) throw new Error(retMessage)
}

/** A world in which every call has something to answer with, and a developer with all permissions and an app. */
export async function startTrialWorld(): Promise<{ world: World; dev: Caller }> {
  const world = await startWorld({ members: 30, departments: 8, tags: 2 })
  await connectMerchant(world)
  const { ctx, corpId } = world
  const refundLimits = { each: 100, day: 100 }
  const dev = await world.addDeveloper({
    name: '试调用',
    scopes: [...scopes],
    packets: 'allowed',
    refundLimits,
  })
  await addGroup(ctx, { actor: 'test' }, corpId, {
    name: '接收人',
    note: '',
    rule: null,
    userIds: ['zhangsan'],
  })
  await addSource(ctx, 'test', corpId, 'put', { name: '人事系统', developers: [dev.devId] })
  const [agentId = 0] = await useAgents(world)
  await world.connectAgent(agentId)
  const homeUrl = 'https://app.example.com/'
  await addApp(ctx, 'test', corpId, { name: '报修', devId: dev.devId, agentId, homeUrl })
  await world.connectAgent(agentId)
  await world.control('agents/act', { agentId, userId: 'zhangsan', act: 'image' })
  await world.settleAgent(agentId)
  await useSms(world, 'tencent')
  const account = await world.bindOfficial()
  await requestPull(ctx, 'test', account)
  await until('the pull', async () => (await findPull(ctx.db, account))?.state === 'done')
  await own(world, dev, 'zhangsan')
  await dev.post('/api/message/type/put', { key: 'leave', name: '请假', text: '{{ days }} 天假已批准。' })
  const [openid = ''] = await openidsOf(world, account, 1)
  await linkFollower(world, account, openid, 'zhangsan')
  await useMeetingTemplate(world, account)
  await pullTemplates(ctx, account)
  await sendCard(world, 'vote_interaction', { toUser: 'zhangsan|lisi' }, dev)
  await payBill(world, dev)
  await submitApproval(world, dev, agentId)
  return { world, dev }
}
