import { accountIdleMinutes, memberIdleMinutes } from '../../callers/protection/settings.ts'
import { type Check, met, not, outside, partly } from './check.ts'

/** What assessors usually want, which the standard leaves open (docs/upstream/gb-t-22239.md#usual-values). */
const usual = { passwordKinds: 3, passwordDays: 90, idleMinutes: 30 } as const

/** 8.1.4.1 and 8.1.4.2: who somebody is, and what they may. */
export const identityChecks: readonly Check[] = [
  {
    clause: '8.1.4.1 a',
    asks: {
      zh: '身份标识唯一；口令有复杂度要求并定期更换',
      en: 'Identities are unique; passwords are complex and changed from time to time',
    },
    place: 'protection',
    find({ installation: { passwordKinds, passwordDays, passwordLength, passwordHistory } }) {
      const isComplex = passwordKinds >= usual.passwordKinds
      const isChanged = passwordDays > 0 && passwordDays <= usual.passwordDays
      const has = {
        zh: `成员以企业微信账号登录，没有密码；系统超级管理员的密码至少 ${passwordLength} 个字符、${passwordKinds} 类，拒绝常见密码`,
        en: `Members sign in by WeCom and have no password; that of the system super administrator has at least ${passwordLength} characters of ${passwordKinds} kinds, and is no common one`,
      }
      if (isComplex && isChanged)
        return met(
          `${has.zh}，${passwordDays} 天内更换，不能重复之前 ${passwordHistory} 个。`,
          `${has.en}; it is changed within ${passwordDays} days and cannot be one of the ${passwordHistory} before.`,
        )
      return partly(
        `${has.zh}。请要求至少 ${usual.passwordKinds} 类字符，并在 ${usual.passwordDays} 天内更换。`,
        `${has.en}. Ask for ${usual.passwordKinds} kinds of characters, and a change within ${usual.passwordDays} days.`,
      )
    },
  },
  {
    clause: '8.1.4.1 b',
    asks: {
      zh: '限制登录失败次数，会话超时自动退出',
      en: 'Failed sign-ins are limited, idle sessions end',
    },
    place: 'protection',
    find({ corp, installation, insideDays }) {
      const members = corp.idleMinutes || memberIdleMinutes
      const roles = corp.adminIdleMinutes || members
      const account = installation.adminIdleMinutes || accountIdleMinutes
      const idle = {
        zh: `15 分钟内错误 10 次即锁定。不用就退出：成员 ${members} 分钟，有角色的成员 ${roles} 分钟，系统超级管理员 ${account} 分钟。`,
        en: `Ten wrong attempts within 15 minutes lock. Idle sessions end after ${members} minutes for members, ${roles} for those with a role, ${account} for the system super administrator.`,
      }
      if (Math.max(roles, account) > usual.idleMinutes)
        return partly(
          `${idle.zh}请把管理员的时间设为 ${usual.idleMinutes} 分钟以内。`,
          `${idle.en} Set those of administrators to ${usual.idleMinutes} minutes or less.`,
        )
      if (insideDays > 0)
        return partly(
          `${idle.zh}无角色的成员在企业微信内保持登录 ${insideDays} 天，不受超时限制。`,
          `${idle.en} Members without a role stay signed in within WeCom for ${insideDays} days, however idle they are.`,
        )
      return met(idle.zh, idle.en)
    },
  },
  {
    clause: '8.1.4.1 c',
    asks: {
      zh: '远程管理时鉴别信息不被窃听',
      en: 'What proves identity cannot be overheard in remote administration',
    },
    place: 'corp',
    find: ({ isHttps }) =>
      isHttps
        ? met('访问地址是 https。', 'The address is https.')
        : not(
            '访问地址不是 https：密码和会话以明文传输。请在代理上配置证书，并修改访问地址。',
            'The address is not https: passwords and sessions travel in the clear. Set up a certificate at the proxy and change the address.',
          ),
  },
  {
    clause: '8.1.4.1 d',
    asks: {
      zh: '采用两种以上鉴别技术，其中一种使用密码技术',
      en: 'Two kinds of proof, one of them by cryptography',
    },
    place: 'factor',
    find: ({ isFactorRequired }) =>
      isFactorRequired
        ? met(
            '管理员须两步验证：验证器（TOTP）或通行密钥，都使用密码技术。普通成员一次登录只用一种。',
            'Administrators need a second factor: an authenticator (TOTP) or a passkey, both by cryptography. Members without a role prove themselves in one way.',
          )
        : partly(
            '管理员可以启用两步验证，但没有要求。请要求两步验证。',
            'Administrators can use a second factor, and need none. Require it.',
          ),
  },
  {
    clause: '8.1.4.2 a',
    asks: { zh: '为登录的用户分配账户和权限', en: 'Users have accounts and rights' },
    place: 'roles',
    find: () =>
      met(
        '权限按角色分配：系统超级管理员、超级管理员、分级管理员、服务台，以及自定义角色；每个调用都检查。',
        'Rights follow from roles: system super administrator, super administrator, graded administrator, help desk, and own roles; each call checks them.',
      ),
  },
  {
    clause: '8.1.4.2 b',
    asks: {
      zh: '重命名或删除默认账户，修改默认口令',
      en: 'Default accounts are renamed or removed, their passwords changed',
    },
    place: 'protection',
    find: ({ hasFirstPassword, installation, isFactorRequired }) =>
      hasFirstPassword
        ? not(
            '系统超级管理员还在使用初始密码。请登录一次并修改。',
            'The system super administrator still has the first password. Sign in once and change it.',
          )
        : partly(
            `初始密码随机生成，已修改。账号名固定为 admin，不能改名；补偿措施：两步验证${isFactorRequired ? '已要求' : '未要求'}，登录网段${installation.consoleNetworks.length > 0 ? '已限制' : '未限制'}。`,
            `The first password was random, and was changed. The account is always named admin; what makes up for it: the second factor is ${isFactorRequired ? '' : 'not '}required, networks are ${installation.consoleNetworks.length > 0 ? '' : 'not '}limited.`,
          ),
  },
  {
    clause: '8.1.4.2 c',
    asks: {
      zh: '及时停用多余、过期的账户，避免共享账户',
      en: 'Superfluous and expired accounts end, accounts are not shared',
    },
    place: 'roles',
    find: () =>
      met(
        '成员离职或停用时，会话、角色与令牌立即失效；管理令牌和权限有到期日。admin 由几人共用时请改为个人角色。',
        'Sessions, roles and tokens end when a member leaves or is disabled; admin tokens and scopes have an end. Where several people share admin, give them roles of their own.',
      ),
  },
  {
    clause: '8.1.4.2 d',
    asks: {
      zh: '授予管理用户最小权限，管理权限分离',
      en: 'Administrators have the least rights, and these are separated',
    },
    place: 'three',
    find: ({ isSeparated, ownRoles: { holders } }) =>
      isSeparated
        ? met(
            '三员分立已开启：系统管理员、安全管理员与审计员互相独立，授权需要两个人。',
            'The three administrators are separated: system, security and audit are apart, and rights take two people.',
          )
        : partly(
            `分级管理员与服务台只看到分配的部门和页面；${holders === 0 ? '自定义角色可以只给需要的权限，现在没有人使用' : `${holders} 人有自定义角色，只有所给的权限、范围与期限`}。超级管理员仍同时拥有系统、安全与审计权限；开启三员分立后互相独立。`,
            `Graded administrators and the help desk see their departments and pages alone; ${holders === 0 ? 'own roles can give just what is needed, and nobody has one' : `members with own roles (${holders}) have what these give, within a range and until an end`}. Super administrators still have the rights of system, security and audit at once, until the three administrators are separated.`,
          ),
  },
  {
    clause: '8.1.4.2 e f',
    asks: {
      zh: '由授权主体配置访问控制，粒度到用户、数据',
      en: 'Those authorised set the access, for each user and kind of data',
    },
    place: 'developers',
    find: () =>
      met(
        '超级管理员批准开发者的权限与数据范围（部门、标签、字段）；应用、菜单按成员设可见范围。',
        'Super administrators approve scopes and data scopes of developers (departments, tags, fields); apps and menus have a visibility by member.',
      ),
  },
  {
    clause: '8.1.4.2 g',
    asks: { zh: '重要主体和客体设置安全标记', en: 'Subjects and objects carry security labels' },
    find: () =>
      outside(
        '平台没有安全标记；需要时由操作系统或数据库提供。',
        'wisp has no labels; the operating system or database provides them where they are wanted.',
      ),
  },
]
