import type { ReceiverInput } from '../../../../organisation/directory/read/audience.ts'
import type { View } from '../../../../organisation/directory/read/view.ts'
import { type NotifyPlan, textsFor } from '../../accept/notify.ts'
import type { Text } from '../../accept/texts.ts'
import { orStop, type WaitingNeeds } from '../open-call.ts'
import { type Approval, isEverybody, neededApproval } from './needs-approval.ts'

/** Whether what is sent by a type needs approval, by its receivers and by what it says by any of its channels. */
export async function approvalOfNotice(
  ctx: WaitingNeeds,
  view: View,
  receivers: ReceiverInput,
  plan: NotifyPlan,
): Promise<Approval | undefined> {
  const { said, accepted, texts } = plan
  const settings = ctx.sendApproval.of(view.developer.corpId)
  return neededApproval(ctx, view, {
    level: said.type.definition.level,
    persons: accepted,
    isToAll: isEverybody(view, receivers, accepted),
    texts: settings.words.length > 0 ? [...texts, ...(await otherTexts(ctx, view, plan))] : texts,
    sent: texts,
  })
}

/** What it says by the other channels of its type: a fallback, or a choice of a person, may lead there. */
async function otherTexts(ctx: WaitingNeeds, view: View, { said, audience }: NotifyPlan): Promise<Text[]> {
  const { channels } = said.type.definition
  if (channels.length === 1) return []
  const others: Text[] = []
  for (const channel of channels) {
    const made = await orStop(() => textsFor(ctx, view, said, audience, [channel]))
    // What cannot be made for a channel does not leave by it.
    if (!('stop' in made)) others.push(...made)
  }
  return others
}
