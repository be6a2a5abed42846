import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import {
  choice,
  integer,
  list,
  optionalSwitch,
  requiredText,
  text,
  toggle,
} from '../../../platform/command/parts.ts'
import { facts, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { Apps } from '../../apps/catalog.ts'
import { moveAddress } from '../addresses.ts'
import type { AppSignIn, SignInKind } from '../app-sign-in.ts'
import type { AppSignIns } from '../catalog.ts'
import { programOf, programs, settingsFor } from '../configurations/programs.ts'
import { renewClientSecret, setSignIn } from '../set-sign-in.ts'
import type { SignInSettings } from '../setting/settings.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }

const kindWords: Record<SignInKind, string> = {
  none: '不经 wisp 登录',
  jession: 'jessionId',
  oidc: 'OpenID Connect',
  cas: 'CAS',
}

const kindParts = {
  oidc: toggle('--oidc', '用 OpenID Connect 登录'),
  cas: toggle('--cas', '用 CAS 登录'),
  jession: toggle('--jession-id', '用 jessionId 登录'),
  none: toggle('--none', '不经 wisp 登录'),
}

const setParts = {
  redirectUris: list('--redirect-uri <URL…>', 'OpenID Connect 的重定向地址，逗号分隔'),
  postLogoutRedirectUris: list('--post-logout-uri <URL…>', '退出后可返回的地址，逗号分隔'),
  isPublic: optionalSwitch('--public [on|off]', '公开客户端：没有密钥，以 PKCE 证明'),
  refresh: optionalSwitch('--refresh [on|off]', '允许续期'),
  device: optionalSwitch('--device [on|off]', '允许设备码'),
  privateSchemes: optionalSwitch('--private-schemes [on|off]', '重定向地址可用应用自己的协议名'),
  services: list('--service <URL…>', 'CAS 的服务地址，逗号分隔'),
  allowsHttp: optionalSwitch('--allow-http [on|off]', '服务地址可以是 http'),
  singleLogout: optionalSwitch('--single-logout [on|off]', 'CAS 单点退出'),
  ticketSeconds: integer('--ticket-seconds <n>', 'CAS 票据有效秒数', { min: 10, max: 300 }),
  logoutUri: text('--logout-uri <URL>', '退出通知地址；"" 表示没有'),
  relation: choice('--relation <kind>', '与本单位的关系: 自有、委托处理、第三方', [
    'own',
    'entrusted',
    'third-party',
  ]),
  userNameField: text('--user-name <field>', '用户名取自哪个字段，例如 userid、employeeNumber'),
  leastAcr: integer('--least-acr <n>', '最低认证级别', { min: 1, max: 3 }),
  isFramed: optionalSwitch('--framed [on|off]', '在工作台的框内打开'),
  claims: list('--claims <names>', '提供的信息，逗号分隔，即时批准；"" 表示没有'),
  purpose: text('--purpose <text>', '用途，与 --claims 同用'),
}

type SignInOptions = {
  [K in keyof typeof setParts]: ReturnType<(typeof setParts)[K]['read']>
}

const signIn = command({
  path: 'app sign-in',
  point: 'app:sign-in',
  summary: '设置应用的登录方式，查看它，或更换客户端密钥',
  details: '没有给出的设置保持不变。新的客户端密钥只显示这一次。',
  parts: {
    id: requiredText('<app>', '应用 id'),
    corp: corpPart,
    ...kindParts,
    program: text(
      '--program <name>',
      `让软件登录，与 --address 同用: ${programs.map(one => one.id).join('、')}`,
    ),
    address: text('--address <URL>', '软件的地址，如 https://grafana.example.edu'),
    show: toggle('--show', '只查看'),
    renewSecret: toggle('--renew-secret', '更换客户端密钥，旧的立即失效'),
    ...setParts,
  },
  async run(
    ctx: Needs,
    { id, corp, oidc, cas, jession, none, program, address, show, renewSecret, ...given },
  ) {
    const corpId = corpOf(ctx, corp)
    const app = ctx.apps.get(corpId, id)
    if (show) return described(ctx, corpId, app.id, '')
    if (renewSecret) return described(ctx, corpId, id, await renewClientSecret(ctx, actor, corpId, id))
    const chosen = Object.entries({ oidc, cas, jession, none }).filter(([, isChosen]) => isChosen)
    if (chosen.length > 1) throw new UsageError('--oidc、--cas、--jession-id、--none 只能选一个')
    const by = { actor, approves: true }
    if (program !== undefined) {
      if (address === undefined) throw new UsageError('--program 须与 --address 同用')
      if (chosen.length > 0 || Object.keys(givenOnly(given)).length > 0)
        throw new UsageError('--program 只与 --address 同用；其他设置请在之后另行修改')
      const { settings } = settingsFor(programOf(program), address, 'zh')
      const { clientSecret } = await setSignIn(ctx, by, corpId, id, settings)
      return described(ctx, corpId, id, clientSecret)
    }
    if (address !== undefined) throw new UsageError('--address 须与 --program 同用')
    const known = ctx.appSignIns.of(id)
    const kind = (chosen[0]?.[0] ?? known?.kind) as SignInKind | undefined
    if (!kind) throw new UsageError('请用 --oidc、--cas、--jession-id 或 --none 指定登录方式')
    const { clientSecret } = await setSignIn(ctx, by, corpId, id, settingsOf(kind, known, given))
    return described(ctx, corpId, id, clientSecret)
  },
})

function settingsOf(kind: SignInKind, known: AppSignIn | undefined, given: SignInOptions): SignInSettings {
  const { redirectUris, postLogoutRedirectUris, isPublic, refresh, device, privateSchemes } = given
  const { services, allowsHttp, singleLogout, ticketSeconds, logoutUri } = given
  const { relation, userNameField, leastAcr, isFramed, claims, purpose = '' } = given
  const ofOidc = givenOnly({
    redirectUris,
    postLogoutRedirectUris,
    isPublic,
    refresh,
    device,
    privateSchemes,
  })
  const ofCas = givenOnly({ services, allowsHttp, singleLogout, ticketSeconds })
  if (kind !== 'oidc' && Object.keys(ofOidc).length > 0)
    throw new UsageError(
      '--redirect-uri、--post-logout-uri、--public、--refresh、--device、--private-schemes 只用于 --oidc',
    )
  if (kind !== 'cas' && Object.keys(ofCas).length > 0)
    throw new UsageError('--service、--allow-http、--single-logout、--ticket-seconds 只用于 --cas')
  const purposeOf = (name: string) => known?.claims.find(one => one.name === name)?.purpose ?? ''
  return {
    kind,
    ...givenOnly({ relation, userNameField, leastAcr, isFramed }),
    ...(claims ? { claims: claims.map(name => ({ name, purpose: purpose || purposeOf(name) })) } : {}),
    ...(kind === 'oidc' ? { oidc: { ...ofOidc, ...givenOnly({ logoutUri }) } } : {}),
    ...(kind === 'cas' ? { cas: { ...ofCas, ...givenOnly({ logoutUri }) } } : {}),
  }
}

function described(ctx: Needs, corpId: string, id: string, clientSecret: string) {
  const signIn = ctx.appSignIns.of(id)
  const { issuer, casBase } = ctx.appSignIns.addressesOf(corpId)
  const { oidc, cas } = signIn ?? { oidc: null, cas: null }
  const pairs: [string, string | number][] = [['登录方式', kindWords[signIn?.kind ?? 'jession']]]
  if (oidc) {
    pairs.push(['issuer', issuer], ['客户端 id', oidc.clientId])
    pairs.push(['重定向地址', oidc.redirectUris.join(' ') || '—'])
    if (clientSecret) pairs.push(['客户端密钥', clientSecret])
  }
  if (cas) pairs.push(['CAS 地址', casBase], ['服务地址', cas.services.join(' ')])
  if (signIn) {
    pairs.push(['用户名', signIn.userNameField], ['最低级别', signIn.leastAcr])
    const claims = signIn.claims.map(one => `${one.name}${one.approvedAt ? '' : '（待批准）'}`)
    pairs.push(['提供的信息', claims.join('、') || '—'], ['修改于', when(signIn.updatedAt)])
  }
  // The sealed secret stays where it is; one that was just made is told once.
  const { clientSecret: _sealed, ...shown } = signIn ?? { clientSecret: '' }
  const data = { kind: 'jession', ...shown, id, issuer, casBase, ...(clientSecret ? { clientSecret } : {}) }
  return { data, text: `${facts(pairs)}${clientSecret ? '\n密钥只显示这一次' : ''}` }
}

const address = command({
  path: 'sign-in address',
  point: 'sign-in:edit',
  summary: '查看或迁移 issuer 与 CAS 的地址；迁移后所有应用都要改配置',
  details:
    '迁移不可逆地影响每个应用：OpenID Connect 的客户端核对 issuer，旧地址签发的令牌不再被接受；CAS 的客户端要改服务器地址。不带 --yes 时只说明影响。',
  parts: {
    corp: corpPart,
    issuer: text('--issuer <URL>', '新的 issuer，路径以 /oidc 开头'),
    casBase: text('--cas <URL>', '新的 CAS 地址'),
    yes: toggle('--yes', '确认迁移'),
  },
  async run(ctx: Needs, { corp, issuer, casBase, yes }) {
    const corpId = corpOf(ctx, corp)
    if (issuer && casBase) throw new UsageError('--issuer 与 --cas 一次只迁移一个')
    const before = ctx.appSignIns.addressesOf(corpId)
    const told = (is: typeof before) =>
      facts([
        ['issuer', is.issuer || '（尚未使用）'],
        ['CAS', is.casBase || '（尚未使用）'],
      ])
    const to = issuer ?? casBase
    if (to === undefined) return { data: before, text: told(before) }
    const kind = issuer ? 'oidc' : 'cas'
    const broken = ctx.appSignIns.ofCorp(corpId).filter(one => one.kind === kind)
    const names = broken.map(one => `  ${ctx.apps.find(one.appId)?.name ?? ''} (${one.appId})`)
    const effect = [
      `${broken.length} 个应用在改好配置之前不能登录：`,
      ...names,
      issuer ? '已签发的令牌和进行中的登录随之失效。' : '进行中的登录随之失效。',
    ].join('\n')
    if (!yes)
      return {
        data: { ...before, to, breaks: broken.map(one => one.appId) },
        text: `${effect}\n确认请加 --yes`,
      }
    await moveAddress(ctx, actor, corpId, issuer ? 'issuer' : 'casBase', to)
    const after = ctx.appSignIns.addressesOf(corpId)
    return { data: { ...after, breaks: broken.map(one => one.appId) }, text: `${told(after)}\n${effect}` }
  },
})

export const signInCommands = [signIn, address]
