import { expect } from 'vitest'
import { arrived } from '../../server/features/messages/messages.fixture.ts'
import type { Caller, World } from '../harness.ts'
import { until } from '../until.ts'

/** What became of the leave request with this number: its to-dos, its cards, what the applicant was told. */
export function leaveOf(world: World, dev: Caller, agentId: string, todoNo: string) {
  const shown = async (msgtype: string) =>
    (await arrived(world, todoNo)).filter(one => one.msgtype === msgtype)
  const cards = () => shown('template_card')
  return {
    cards,
    async todos(): Promise<object[]> {
      return (await dev.get('/api/todo/get', { agentId, todoNo })).body.list
    },
    async told() {
      return (await shown('text')).map(({ to, content }) => [...to, content['content']])
    },
    /** The button that the approver's card shows in the place of the others. */
    async replaced(userid: string) {
      const [card] = await cards()
      return (await world.control(`cards?msgId=${encodeURIComponent(card!.msgId)}&userid=${userid}`))[
        'replaced'
      ]
    },
    async press(userid: string, key: string) {
      const card = await until('the card', async () => (await cards())[0], 20_000, 200)
      const pressed = await world.control('cards/press', { msgId: card.msgId, userid, key })
      expect(pressed['error']).toBeUndefined()
    },
  }
}
