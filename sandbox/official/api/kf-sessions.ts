import { type Call, type CallRequest, done, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { integer } from '../input.ts'
import { closeSession, openSession } from '../push/kf-session.ts'
import { kfSessionsOf, kfWaitingOf } from '../state/kf.ts'
import type { Message } from '../state/log.ts'
import { enabled, kfAccountOf } from './kf.ts'
import { followerOf } from './user.ts'

const waitingShown = 100
const recordsAtOnce = 10_000

/** Sessions and records of customer service (docs/upstream/official-customer-service.md#sessions). */
export const kfSessionCalls: readonly Call[] = [
  post('/customservice/kfsession/create', ({ platform, account, input }) => {
    const worker = kfAccountOf(account, input)
    const { openid } = followerOf(account, input)
    const known = kfSessionsOf(account).get(openid)
    if (known) {
      if (known.kf_account !== worker.kf_account) throw new OfficialError(65414)
      return done
    }
    if (!worker.online) throw new OfficialError(65415)
    openSession(platform, account, openid, worker.kf_account)
    return done
  }),
  post('/customservice/kfsession/close', ({ platform, account, input }) => {
    const { kf_account } = kfAccountOf(account, input)
    const { openid } = followerOf(account, input)
    if (kfSessionsOf(account).get(openid)?.kf_account !== kf_account) throw new OfficialError(65413)
    closeSession(platform, account, openid)
    return done
  }),
  get('/customservice/kfsession/getsession', ({ account, input }) => {
    const session = kfSessionsOf(account).get(followerOf(account, input).openid)
    return { ...done, createtime: session?.createtime ?? 0, kf_account: session?.kf_account ?? '' }
  }),
  get('/customservice/kfsession/getsessionlist', ({ account, input }) => {
    const { kf_account } = kfAccountOf(account, input)
    const own = kfSessionsOf(account)
      .values()
      .filter(session => session.kf_account === kf_account)
    return { sessionlist: own.map(({ createtime, openid }) => ({ createtime, openid })) }
  }),
  get('/customservice/kfsession/getwaitcase', ({ account }) => {
    enabled(account)
    const waiting = kfWaitingOf(account).values()
    return { count: waiting.length, waitcaselist: waiting.slice(0, waitingShown) }
  }),
  post('/customservice/msgrecord/getmsglist', records),
]

function records({ account, input }: CallRequest): Input {
  const [start, end] = [integer(input, 'starttime', 65416) ?? 0, integer(input, 'endtime', 65416) ?? 0]
  const [from, number] = [integer(input, 'msgid', 65416) ?? 1, integer(input, 'number', 65416) ?? 0]
  if (end < start || end - start > 86_400 || number < 1 || number > recordsAtOnce)
    throw new OfficialError(65416)
  const found = account.log.all(from - 1).filter(message => {
    const at = Math.floor(Date.parse(message.at) / 1000)
    return ['sent', 'custom', 'kf'].includes(message.how) && at >= start && at <= end
  })
  const page = found.slice(0, number)
  return {
    recordlist: page.map(recordOf),
    number: page.length,
    msgid: (page.at(-1)?.n ?? from - 1) + 1,
  }
}

const recordOf = ({ openid, how, at, content }: Message): Input => ({
  openid,
  opercode: how === 'sent' ? 2003 : 2002,
  text: content['content'] ?? '',
  time: Math.floor(Date.parse(at) / 1000),
  worker: content['worker'] ?? '',
})
