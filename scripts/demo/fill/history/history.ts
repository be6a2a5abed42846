import { createContext } from '../../../../server/context.ts'
import { readConfig } from '../../../../server/platform/config.ts'
import { createLog } from '../../../../server/platform/operation/log.ts'
import { type Demo, readDemo } from '../../demo-file.ts'
import { fillAddressBook } from './address-book.ts'
import { fillBills } from './bills.ts'
import { fillCalls } from './calls.ts'
import { fillDevelopers } from './developers.ts'
import { fillMessages } from './messages.ts'
import { fillOfficial } from './official.ts'
import type { Filling } from './part.ts'
import { reachablePeople } from './past-store.ts'

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
      await fillCalls(filling)
      await fillDevelopers(filling)
      await fillOfficial(filling)
      await fillMessages(filling)
      await fillBills(filling)
    })
  } finally {
    await ctx.close()
  }
}

async function fillingOf(ctx: Filling['ctx'], demo: Demo): Promise<Filling> {
  const { corpId, platformUrl, sandboxUrl, devId, devSecret } = demo
  const people = await reachablePeople(ctx.db, corpId, peopleAtMost)
  const { devToken } = await answerOf(
    await fetch(`${platformUrl}/api/token/getDevToken?${new URLSearchParams({ devId, devSecret })}`),
  )
  const post = (url: string, input: Record<string, unknown>) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${devToken}` },
      body: JSON.stringify(input),
    })
  return {
    ...{ ctx, demo, corpId, people },
    call: async (path, input) => answerOf(await post(platformUrl + path, input)),
    async sandbox(path, input) {
      const response = await post(`${sandboxUrl}/_sandbox/${path}`, input)
      const answer = (await response.json()) as Record<string, unknown>
      if (!response.ok || answer['errcode'])
        throw new Error(`sandbox ${path}: ${JSON.stringify(answer).slice(0, 300)}`)
      return answer
    },
  }
}

async function answerOf(response: Response): Promise<Record<string, unknown>> {
  const { retCode, retMessage, body } = (await response.json()) as {
    retCode: string
    retMessage: string
    body: Record<string, unknown>
  }
  if (retCode !== '0') throw new Error(`${new URL(response.url).pathname}: ${retCode} ${retMessage}`)
  return body
}

// As in setup.ts: leave by exit, once the word is out.
try {
  await fill()
  process.send?.({ done: true }, () => process.exit(0))
} catch (error) {
  console.error(error)
  process.exit(1)
}
