import { createContext } from '../../../../server/context.ts'
import { openAlertsOf } from '../../../../server/features/alerts/store.ts'
import { readConfig } from '../../../../server/platform/config.ts'
import { createLog } from '../../../../server/platform/operation/log.ts'
import { type Demo, readDemo } from '../../demo-file.ts'
import { fillAddressBook } from './address-book.ts'
import { fillAnnouncements } from './announcements.ts'
import { apiOf, post } from './api.ts'
import { fillBills } from './bills.ts'
import { fillCalls } from './calls.ts'
import { fillDevelopers } from './developers.ts'
import { fillMessages } from './messages.ts'
import { fillOfficial } from './official.ts'
import { daysBack, type HistoryFill, until } from './part.ts'
import { reachablePeople } from './past-store.ts'
import { fillPeopleActs } from './people-acts.ts'
import { fillPeopleSource } from './people-source.ts'
import { fillBackups, fillUnrecognised } from './records.ts'
import { fillSecondCorp } from './second-corp.ts'

const peopleAtMost = 60

/**
 * Fills the demo with what a month leaves, beside the wisp that runs: by the API, by the sandbox and by the features' own
 * functions; only the times of what lies back are set afterwards. Each part looks first whether it was done, so that a start that
 * was killed is continued.
 */
async function fill(): Promise<void> {
  const config = readConfig(process.env)
  const demo = readDemo(config.dataDir)
  if (!demo) throw new Error('there is no demo.json')
  config.publicUrl ||= demo.platformUrl
  const ctx = await createContext(config, { log: createLog('error') }, 'command')
  try {
    await ctx.mirrors.during(demo.corpId, async () => {
      const filling = await fillingOf(ctx, demo)
      await fillAddressBook(filling)
      await fillCalls(filling, { devId: demo.devId, callsADay: 150, days: daysBack })
      await fillDevelopers(filling)
      await fillAnnouncements(filling)
      await fillPeopleActs(filling)
      await fillUnrecognised(filling)
      // A message goes by the official account, and by the template that is chosen with it.
      const talking = async () => {
        await fillOfficial(filling)
        await fillMessages(filling)
      }
      await Promise.all([talking(), fillBills(filling), fillPeopleSource(filling)])
      await fillSecondCorp(filling)
      await fillBackups(filling)
      await alertsTold(filling)
    })
  } finally {
    await ctx.close()
  }
}

/** Administrators are told of what is wrong, which is the last message before the visitor's first. */
async function alertsTold({ ctx, corpId }: HistoryFill): Promise<void> {
  await until('the message about a refund', async () => {
    const alerts = await openAlertsOf(ctx.db, [corpId], { withInstallation: false, limit: 100 })
    return alerts.some(one => one.cause === 'refundAbnormal' && one.toldAt !== null)
  })
}

async function fillingOf(ctx: HistoryFill['ctx'], demo: Demo): Promise<HistoryFill> {
  const { corpId, platformUrl, sandboxUrl } = demo
  return {
    ctx,
    demo,
    corpId,
    people: await reachablePeople(ctx.db, corpId, peopleAtMost),
    call: await apiOf(platformUrl, demo),
    async sandbox(path, input) {
      const response = await post(`${sandboxUrl}/_sandbox/${path}`, input)
      const answer = (await response.json()) as Record<string, unknown>
      if (!response.ok || answer['errcode'])
        throw new Error(`sandbox ${path}: ${JSON.stringify(answer).slice(0, 300)}`)
      return answer
    },
  }
}

// As in setup.ts: leave by exit, once the word is out.
try {
  await fill()
  process.send?.({ done: true }, () => process.exit(0))
} catch (error) {
  console.error(error)
  process.exit(1)
}
