import { startWorld, type World } from '../../../test/harness.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { useAgents } from '../messages/messages.fixture.ts'

/** A corp whose agent signs in and sends, with a member who has a mobile number and a mail address. */
export async function startHelpDeskWorld(): Promise<World> {
  const world = await startWorld({ members: 30 })
  await useAgents(world)
  const { agentId, secret } = world.sandbox.agents[0]!
  const uses = ['signin', 'messages']
  await putAgent(world.ctx, 'test', world.corpId, { agentId, name: '工作台', secret, uses })
  const person = { userid: 'zhangsan', mobile: '13800138001', email: 'zhangsan@huayu.example' }
  await world.admin('user/update', person)
  await world.sync()
  return world
}
