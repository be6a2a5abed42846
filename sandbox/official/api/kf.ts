import { type Call, type CallRequest, done, either, get, type Input, post } from '../call.ts'
import { OfficialError } from '../error.ts'
import { text } from '../input.ts'
import type { Account } from '../state/account.ts'
import { type KfAccount, kfAccountsOf, kfSessionsOf } from '../state/kf.ts'
import { addMedia } from '../state/media.ts'

/** Accounts of customer service (docs/upstream/official-customer-service.md#accounts). */
export const kfCalls: readonly Call[] = [
  get('/cgi-bin/customservice/getkflist', ({ account }) => {
    enabled(account)
    return {
      kf_list: kfAccountsOf(account)
        .values()
        .map(({ online: _, ...one }) => one),
    }
  }),
  get('/cgi-bin/customservice/getonlinekflist', ({ account }) => {
    enabled(account)
    const online = kfAccountsOf(account)
      .values()
      .filter(one => one.online)
    const accepted = (name: string): number =>
      kfSessionsOf(account)
        .values()
        .filter(session => session.kf_account === name).length
    return {
      kf_online_list: online.map(({ kf_account, kf_id }) => ({
        kf_account,
        status: 1,
        kf_id,
        accepted_case: accepted(kf_account),
      })),
    }
  }),
  post('/customservice/kfaccount/add', ask => {
    enabled(ask.account)
    const accounts = kfAccountsOf(ask.account)
    const name = text(ask.input, 'kf_account', 65404) ?? ''
    const [prefix, suffix] = name.split('@')
    if (!/^\w{1,10}$/.test(prefix ?? '') || suffix !== ask.account.profile.wechatId)
      throw new OfficialError(65404)
    if (accounts.has(name)) throw new OfficialError(65406)
    if (accounts.size >= ask.platform.rules.kfAccounts) throw new OfficialError(65405)
    accounts.set(name, {
      kf_account: name,
      kf_nick: nicknameOf(ask),
      kf_id: String(ask.account.next('kf', 1001)),
      kf_headimgurl: '',
      online: false,
    })
    return done
  }),
  post('/customservice/kfaccount/update', ask => {
    const known = kfAccountOf(ask.account, ask.input)
    kfAccountsOf(ask.account).set(known.kf_account, { ...known, kf_nick: nicknameOf(ask) })
    return done
  }),
  post('/customservice/kfaccount/inviteworker', ({ platform, account, input }) => {
    const known = kfAccountOf(account, input)
    const wx = text(input, 'invite_wx', 65409)
    if (!wx) throw new OfficialError(65409)
    if (known.kf_wx) throw new OfficialError(65412)
    if (known.invite_status === 'waiting') throw new OfficialError(65411)
    const others = kfAccountsOf(account).values()
    if (others.some(one => one.kf_wx === wx)) throw new OfficialError(65407)
    if (others.some(one => one.invite_wx === wx && one.invite_status === 'waiting'))
      throw new OfficialError(65408)
    kfAccountsOf(account).set(known.kf_account, {
      ...known,
      invite_wx: wx,
      invite_expire_time: Math.floor(platform.now() / 1000) + 7 * 86_400,
      invite_status: 'waiting',
    })
    return done
  }),
  post('/customservice/kfaccount/uploadheadimg', ({ platform, account, query, upload }) => {
    const known = kfAccountOf(account, query)
    if (!upload) throw new OfficialError(41005)
    if (upload.bytes.readUInt16BE(0) !== 0xffd8) throw new OfficialError(40005)
    const id = `kfhead${platform.nextId()}`
    const data = upload.bytes.toString('base64')
    const now = platform.now()
    addMedia(
      account,
      { type: 'image', mime: 'image/jpeg', name: upload.name, createdAt: now, permanent: true, data },
      id,
    )
    kfAccountsOf(account).set(known.kf_account, {
      ...known,
      kf_headimgurl: `${platform.url}/mmbiz/${account.profile.originalId}/${id}`,
    })
    return done
  }),
  either('/customservice/kfaccount/del', ({ account, input, query }) => {
    const { kf_account } = kfAccountOf(account, { ...query, ...input })
    kfAccountsOf(account).delete(kf_account)
    return done
  }),
]

/** The account that the call names; 65401 for an unknown one. */
export function kfAccountOf(account: Account, input: Input): KfAccount {
  enabled(account)
  const known = kfAccountsOf(account).get(text(input, 'kf_account', 65401) ?? '')
  if (!known) throw new OfficialError(65401)
  return known
}

export function enabled(account: Account): void {
  if (!account.settings.kfEnabled) throw new OfficialError(65400)
}

function nicknameOf({ platform, input }: CallRequest): string {
  const nickname = text(input, 'nickname', 65403) ?? ''
  if (nickname === '' || [...nickname].length > platform.rules.kfNicknameChars) throw new OfficialError(65403)
  return nickname
}
