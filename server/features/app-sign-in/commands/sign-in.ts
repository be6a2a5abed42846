import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command, givenOnly, UsageError } from '../../../platform/command/command.ts'
import { comma, said } from '../../../platform/command/language.ts'
import {
  choice,
  integer,
  list,
  optionalSwitch,
  requiredText,
  text,
  toggle,
} from '../../../platform/command/parts.ts'
import { type Cell, facts, when } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import type { Apps } from '../../apps/catalog.ts'
import { moveAddress } from '../addresses.ts'
import type { AppSignIn, SignInKind } from '../app-sign-in.ts'
import type { AppSignIns } from '../catalog.ts'
import { programOf, programs, settingsFor } from '../configurations/programs.ts'
import { renewClientSecret, setSignIn } from '../set-sign-in.ts'
import type { SignInSettings } from '../setting/settings.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }

const kindWords: Record<SignInKind, Words | string> = {
  none: { zh: '不经 wisp 登录', en: 'does not sign in through wisp' },
  jession: 'jessionId',
  oidc: 'OpenID Connect',
  cas: 'CAS',
}

const kindParts = {
  oidc: toggle('--oidc', { zh: '用 OpenID Connect 登录', en: 'sign in by OpenID Connect' }),
  cas: toggle('--cas', { zh: '用 CAS 登录', en: 'sign in by CAS' }),
  jession: toggle('--jession-id', { zh: '用 jessionId 登录', en: 'sign in by jessionId' }),
  none: toggle('--none', { zh: '不经 wisp 登录', en: 'does not sign in through wisp' }),
}

const setParts = {
  redirectUris: list('--redirect-uri <URL…>', {
    zh: 'OpenID Connect 的重定向地址，逗号分隔',
    en: 'redirect URIs of OpenID Connect, separated by commas',
  }),
  postLogoutRedirectUris: list('--post-logout-uri <URL…>', {
    zh: '退出后可返回的地址，逗号分隔',
    en: 'addresses to return to after a sign-out, separated by commas',
  }),
  isPublic: optionalSwitch('--public [on|off]', {
    zh: '公开客户端：没有密钥，以 PKCE 证明',
    en: 'public client: no secret, proof by PKCE',
  }),
  refresh: optionalSwitch('--refresh [on|off]', { zh: '允许续期', en: 'allow refresh' }),
  device: optionalSwitch('--device [on|off]', { zh: '允许设备码', en: 'allow device codes' }),
  privateSchemes: optionalSwitch('--private-schemes [on|off]', {
    zh: '重定向地址可用应用自己的协议名',
    en: "redirect URIs may have a scheme of the app's own",
  }),
  services: list('--service <URL…>', {
    zh: 'CAS 的服务地址，逗号分隔',
    en: 'service addresses of CAS, separated by commas',
  }),
  allowsHttp: optionalSwitch('--allow-http [on|off]', {
    zh: '服务地址可以是 http',
    en: 'service addresses may be http',
  }),
  singleLogout: optionalSwitch('--single-logout [on|off]', {
    zh: 'CAS 单点退出',
    en: 'single sign-out of CAS',
  }),
  ticketSeconds: integer(
    '--ticket-seconds <n>',
    { zh: 'CAS 票据有效秒数', en: 'seconds that a CAS ticket is valid' },
    { min: 10, max: 300 },
  ),
  logoutUri: text('--logout-uri <URL>', {
    zh: '退出通知地址；"" 表示没有',
    en: 'address notified of sign-outs; "" means none',
  }),
  relation: choice(
    '--relation <kind>',
    {
      zh: '与本单位的关系: 自有、委托处理、第三方',
      en: 'relation to the organisation: its own, entrusted with processing, a third party',
    },
    ['own', 'entrusted', 'third-party'],
  ),
  userNameField: text('--user-name <field>', {
    zh: '用户名取自哪个字段，例如 userid、employeeNumber',
    en: 'field that the user name comes from, such as userid or employeeNumber',
  }),
  leastAcr: integer(
    '--least-acr <n>',
    { zh: '最低认证级别', en: 'least level of authentication' },
    { min: 1, max: 3 },
  ),
  isFramed: optionalSwitch('--framed [on|off]', {
    zh: '在工作台的框内打开',
    en: 'open in a frame of the workbench',
  }),
  claims: list('--claims <names>', {
    zh: '提供的信息，逗号分隔，即时批准；"" 表示没有',
    en: 'information it receives, separated by commas, approved at once; "" means none',
  }),
  purpose: text('--purpose <text>', { zh: '用途，与 --claims 同用', en: 'purpose, with --claims' }),
}

type SignInOptions = {
  [K in keyof typeof setParts]: ReturnType<(typeof setParts)[K]['read']>
}

const signIn = command({
  path: 'app sign-in',
  point: 'app:sign-in',
  summary: {
    zh: '设置应用的登录方式，查看它，或更换客户端密钥',
    en: 'Set how members sign in to an app, show it, or replace the client secret',
  },
  details: {
    zh: '没有给出的设置保持不变。新的客户端密钥只显示这一次。',
    en: 'What is not given stays. A new client secret is shown only this once.',
  },
  parts: {
    id: requiredText('<app>', { zh: '应用 id', en: 'app id' }),
    corp: corpPart,
    ...kindParts,
    program: text('--program <name>', {
      zh: `让软件登录，与 --address 同用: ${programs.map(one => one.id).join('、')}`,
      en: `sign in to a known program, with --address: ${programs.map(one => one.id).join(', ')}`,
    }),
    address: text('--address <URL>', {
      zh: '软件的地址，如 https://grafana.example.edu',
      en: 'address of the program, such as https://grafana.example.edu',
    }),
    show: toggle('--show', { zh: '只查看', en: 'show it only' }),
    renewSecret: toggle('--renew-secret', {
      zh: '更换客户端密钥，旧的立即失效',
      en: 'replace the client secret; the old one is revoked at once',
    }),
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
    if (chosen.length > 1)
      throw new UsageError({
        zh: '--oidc、--cas、--jession-id、--none 只能选一个',
        en: 'give one of --oidc, --cas, --jession-id and --none',
      })
    const by = { actor, approves: true }
    if (program !== undefined) {
      if (address === undefined)
        throw new UsageError({ zh: '--program 须与 --address 同用', en: '--program goes with --address' })
      if (chosen.length > 0 || Object.keys(givenOnly(given)).length > 0)
        throw new UsageError({
          zh: '--program 只与 --address 同用；其他设置请在之后另行修改',
          en: '--program goes only with --address: change the other settings afterwards',
        })
      const { settings } = settingsFor(programOf(program), address, 'zh')
      const { clientSecret } = await setSignIn(ctx, by, corpId, id, settings)
      return described(ctx, corpId, id, clientSecret)
    }
    if (address !== undefined)
      throw new UsageError({ zh: '--address 须与 --program 同用', en: '--address goes with --program' })
    const known = ctx.appSignIns.of(id)
    const kind = (chosen[0]?.[0] ?? known?.kind) as SignInKind | undefined
    if (!kind)
      throw new UsageError({
        zh: '请用 --oidc、--cas、--jession-id 或 --none 指定登录方式',
        en: 'give the way of signing in: --oidc, --cas, --jession-id or --none',
      })
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
    throw new UsageError({
      zh: '--redirect-uri、--post-logout-uri、--public、--refresh、--device、--private-schemes 只用于 --oidc',
      en: '--redirect-uri, --post-logout-uri, --public, --refresh, --device and --private-schemes go only with --oidc',
    })
  if (kind !== 'cas' && Object.keys(ofCas).length > 0)
    throw new UsageError({
      zh: '--service、--allow-http、--single-logout、--ticket-seconds 只用于 --cas',
      en: '--service, --allow-http, --single-logout and --ticket-seconds go only with --cas',
    })
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
  const pairs: [string, Cell][] = [
    [said({ zh: '登录方式', en: 'Way of signing in' }), kindWords[signIn?.kind ?? 'jession']],
  ]
  if (oidc) {
    pairs.push(['issuer', issuer], [said({ zh: '客户端 id', en: 'Client id' }), oidc.clientId])
    pairs.push([said({ zh: '重定向地址', en: 'Redirect URIs' }), oidc.redirectUris.join(' ') || '—'])
    if (clientSecret) pairs.push([said({ zh: '客户端密钥', en: 'Client secret' }), clientSecret])
  }
  if (cas)
    pairs.push(
      [said({ zh: 'CAS 地址', en: 'CAS address' }), casBase],
      [said({ zh: '服务地址', en: 'Service addresses' }), cas.services.join(' ')],
    )
  if (signIn) {
    pairs.push(
      [said({ zh: '用户名', en: 'User name' }), signIn.userNameField],
      [said({ zh: '最低级别', en: 'Least level' }), signIn.leastAcr],
    )
    const claims = signIn.claims.map(
      one => `${one.name}${one.approvedAt ? '' : said({ zh: '（待批准）', en: ' (waits for approval)' })}`,
    )
    pairs.push(
      [said({ zh: '提供的信息', en: 'Information given' }), claims.join(said(comma)) || '—'],
      [said({ zh: '修改于', en: 'Changed' }), when(signIn.updatedAt)],
    )
  }
  // The sealed secret stays where it is; one that was just made is told once.
  const { clientSecret: _sealed, ...shown } = signIn ?? { clientSecret: '' }
  const data = { kind: 'jession', ...shown, id, issuer, casBase, ...(clientSecret ? { clientSecret } : {}) }
  return {
    data,
    text: `${facts(pairs)}${clientSecret ? said({ zh: '\n密钥只显示这一次', en: '\nThe secret is shown only this once' }) : ''}`,
  }
}

const address = command({
  path: 'sign-in address',
  point: 'sign-in:edit',
  summary: {
    zh: '查看或迁移 issuer 与 CAS 的地址；迁移后所有应用都要改配置',
    en: 'Show or move the addresses of issuer and CAS; after a move every app must be configured again',
  },
  details: {
    zh: '迁移不可逆地影响每个应用：OpenID Connect 的客户端核对 issuer，旧地址签发的令牌不再被接受；CAS 的客户端要改服务器地址。不带 --yes 时只说明影响。',
    en: 'A move affects every app and cannot be undone: clients of OpenID Connect compare the issuer, and tokens of the old address are refused; clients of CAS need the new server address. Without --yes the command only says what would break.',
  },
  parts: {
    corp: corpPart,
    issuer: text('--issuer <URL>', {
      zh: '新的 issuer，路径以 /oidc 开头',
      en: 'new issuer, whose path begins with /oidc',
    }),
    casBase: text('--cas <URL>', { zh: '新的 CAS 地址', en: 'new address of CAS' }),
    yes: toggle('--yes', { zh: '确认迁移', en: 'confirm the move' }),
  },
  async run(ctx: Needs, { corp, issuer, casBase, yes }) {
    const corpId = corpOf(ctx, corp)
    if (issuer && casBase)
      throw new UsageError({
        zh: '--issuer 与 --cas 一次只迁移一个',
        en: '--issuer and --cas are moved one at a time',
      })
    const before = ctx.appSignIns.addressesOf(corpId)
    const told = (is: typeof before) =>
      facts([
        ['issuer', is.issuer || said({ zh: '（尚未使用）', en: '(not used yet)' })],
        ['CAS', is.casBase || said({ zh: '（尚未使用）', en: '(not used yet)' })],
      ])
    const to = issuer ?? casBase
    if (to === undefined) return { data: before, text: told(before) }
    const kind = issuer ? 'oidc' : 'cas'
    const broken = ctx.appSignIns.ofCorp(corpId).filter(one => one.kind === kind)
    const names = broken.map(one => `  ${ctx.apps.find(one.appId)?.name ?? ''} (${one.appId})`)
    const effect = [
      said({
        zh: `${broken.length} 个应用在改好配置之前不能登录：`,
        en: `members cannot sign in to ${broken.length} apps until these are configured again:`,
      }),
      ...names,
      issuer
        ? said({
            zh: '已签发的令牌和进行中的登录随之失效。',
            en: 'Issued tokens and sign-ins in progress become invalid.',
          })
        : said({ zh: '进行中的登录随之失效。', en: 'Sign-ins in progress become invalid.' }),
    ].join('\n')
    if (!yes)
      return {
        data: { ...before, to, breaks: broken.map(one => one.appId) },
        text: said({ zh: `${effect}\n确认请加 --yes`, en: `${effect}\nConfirm with --yes` }),
      }
    await moveAddress(ctx, actor, corpId, issuer ? 'issuer' : 'casBase', to)
    const after = ctx.appSignIns.addressesOf(corpId)
    return { data: { ...after, breaks: broken.map(one => one.appId) }, text: `${told(after)}\n${effect}` }
  },
})

export const signInCommands = [signIn, address]
