import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { own, told } from '../../platform/http/told.ts'
import { type Words, wordsIn } from '../../platform/words.ts'
import type { PasswordRules } from '../protection/settings.ts'
import * as store from './account-store.ts'
import { verifyPassword } from './passwords.ts'

export const passwordAtMost = 200
/** What a password must have besides the account's name, in characters. */
const besideNameAtLeast = 6
/** zxcvbn's time grows with the square of the length, and a password that is good so far is good. */
const lookedAt = 40
/** Below it, a password is one of the common ones or made of them: fewer than a million guesses. */
const scoreAtLeast = 2

/** So many digits and signs around a common word are no secret of their own. */
const decorationAtMost = 8

/** `score` is zxcvbn's, from 0 (guessed at once) to 4; `problem` says why the password is refused. */
export type Strength = { score: 0 | 1 | 2 | 3 | 4; problem: Words | undefined }

/** What a single password is held against: how long it is, and of how many kinds its characters are. */
export type StrengthRules = Pick<PasswordRules, 'passwordLength' | 'passwordKinds'>

/** How hard a password is to guess, and what is wrong with it as that of the account `accountName`. */
export async function strengthOf(
  password: string,
  accountName: string,
  { passwordLength, passwordKinds }: StrengthRules,
): Promise<Strength> {
  const length = [...password].length
  if (length < passwordLength || length > passwordAtMost)
    return {
      score: 0,
      problem: {
        zh: `应为 ${passwordLength} 到 ${passwordAtMost} 个字符`,
        en: `should be ${passwordLength} to ${passwordAtMost} characters`,
      },
    }
  if (kindsIn(password) < passwordKinds)
    return {
      score: 0,
      problem: {
        zh: `应包含大写字母、小写字母、数字、其他字符中的至少 ${passwordKinds} 类`,
        en: `needs at least ${passwordKinds} kinds of characters, of capitals, small letters, digits and others`,
      },
    }
  if ([...withoutName(password, accountName)].length < besideNameAtLeast)
    return {
      score: 0,
      problem: {
        zh: `除账号名 ${accountName} 以外至少还要有 ${besideNameAtLeast} 个字符`,
        en: `needs at least ${besideNameAtLeast} characters besides the account's name ${accountName}`,
      },
    }
  const score = await scoreOf(password.slice(0, lookedAt), accountName)
  const problem = { zh: '太常见，很容易被猜到', en: 'is too common and easily guessed' }
  return { score, problem: score < scoreAtLeast ? problem : undefined }
}

/** Letters of scripts without capitals, such as Chinese, count as other characters. */
const kinds = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u]

export function kindsIn(password: string): number {
  return kinds.filter(kind => kind.test(password)).length
}

/**
 * zxcvbn counts a year and a sign as if they were six random letters, although that is what everybody adds to a common word
 * when digits and signs are required. A word that is guessed at once is still guessed at once with a few of them around it.
 */
async function scoreOf(password: string, accountName: string): Promise<Strength['score']> {
  const estimator = await loadEstimator()
  const { score } = estimator.check(password, [accountName, 'wisp'])
  const word = password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const isDecorated = word !== '' && password.length - word.length <= decorationAtMost
  return isDecorated && estimator.check(word, [accountName, 'wisp']).score === 0 ? 0 : score
}

/** Checks a new password; passwords that are in use already remain valid. `what` names it in the error. Throws 1000. */
export async function checkPassword(
  password: string,
  accountName: string,
  what: Words | string,
  rules: StrengthRules,
): Promise<void> {
  const { problem } = await strengthOf(password, accountName, rules)
  if (problem)
    throw new ApiError('badParameter', {
      zh: told`${own(wordsIn('zh', what))} ${own(problem.zh)}`,
      en: told`${own(wordsIn('en', what))} ${own(problem.en)}`,
    })
}

/** Checks a password that an account is to have, also against its former ones. `what` names it in the error. Throws 1000. */
export async function checkNewPassword(
  ctx: Pick<Core, 'db'>,
  name: string,
  password: string,
  what: Words,
  rules: PasswordRules,
): Promise<void> {
  await checkPassword(password, name, what, rules)
  const { passwordHistory } = rules
  if (passwordHistory === 0) return
  const present = (await store.adminAccount(ctx.db, name))?.password
  const former = await store.oldPasswords(ctx.db, name, passwordHistory)
  for (const old of present ? [present, ...former] : former)
    if (await verifyPassword(password, old))
      throw new ApiError('badParameter', {
        zh: told`${own(wordsIn('zh', what))}不能与当前密码和之前的 ${own(passwordHistory)} 个密码相同`,
        en: told`${own(wordsIn('en', what))} cannot be the present one or one of the ${own(passwordHistory)} passwords before it`,
      })
}

function withoutName(password: string, accountName: string): string {
  return password.normalize('NFKC').toLowerCase().replaceAll(accountName.toLowerCase(), '')
}

/**
 * Numbers that sound like words, and pinyin, as Chinese passwords have them. @zxcvbn-ts has no list for Chinese, and its common
 * passwords know only the most frequent of these, alone and not as parts of others.
 */
const chinese =
  '520 521 1314 5201314 1314520 5211314 1314521 520520 13145 201314 147258369 7758258 7758521 584520 168 1688 518 888 666 woaini aini woaiwo woaiwojia aiwojia wodeai woaiwoziji woaibaobei laopo laogong baobei qinaide mima wodemima nihao nihaoma zhimakaimen buzhidao meimima wangjile woshishui caonima zhongguo woaizhongguo beijing shanghai guangzhou shenzhen taobao weixin qiyeweixin guanli guanliyuan xitong gongsi admin123 a123456 qq123456 abc123 woaini1314 woaini520 woaini521 xiaoxin xiaoming xiaoli wangwei zhangwei zhangsan lisi wangwu liwei gongxifacai facai fafafa pingan jiankang kuaile xingfu shengri'.split(
    ' ',
  )

let estimator: ReturnType<typeof createEstimator> | undefined

/** The lists take a third of a second to unpack and 10 MB, and most processes never see a new password. */
function loadEstimator() {
  estimator ??= createEstimator()
  return estimator
}

async function createEstimator() {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ])
  return new ZxcvbnFactory({ dictionary: { ...dictionary, chinese: [...chinese] }, graphs: adjacencyGraphs })
}
