import { Type } from 'typebox'
import { codeLastsMs, codeTries } from '../../callers/sign-in/sms-code/code.ts'
import type { Core } from '../../platform/core.ts'
import { endpoint } from '../../platform/http/endpoint.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { choice, optionalText, text } from '../../platform/http/input.ts'
import { codeSendTypes } from './leave.ts'
import { readReceiver } from './receiver.ts'
import { type CodeNeeds, checkCode, sendCode } from './send-code.ts'

const seconds = codeLastsMs / 1000

const purposeField = text(
  {
    zh: '用途，如“登录”“修改收款账户”；接收人在企业微信和邮件里看到它。字母、数字、汉字、空格、- 和 _，1–32 个字',
    en: 'What it is for, such as “sign-in”; receivers see it in WeCom and mails. 1 to 32 letters, digits, spaces, - and _',
  },
  { max: 32 },
)
const receiverFields = {
  userId: optionalText({ zh: '成员 ID', en: 'Id of the member' }, { max: 128 }),
  mobile: optionalText({ zh: '完整的手机号', en: 'The whole mobile number' }, { max: 32 }),
}

/** What receivers read is short, and no link or markup. */
function readPurpose(purpose: string): string {
  if (/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u.test(purpose)) return purpose
  throw new ApiError('badParameter', {
    zh: 'purpose 应以字母、数字或汉字开头，只含字母、数字、汉字、空格、- 和 _',
    en: 'purpose should begin with a letter or digit, and hold only letters, digits, spaces, - and _',
  })
}

export const sendCodeCall = endpoint({
  methods: ['POST'],
  path: '/api/code/send',
  section: 'wisp',
  summary: { zh: '发送验证码', en: 'Send a code' },
  description: {
    zh: `向一名成员或一个手机号发送六位数字验证码，${seconds} 秒内有效，可试 ${codeTries} 次，用一次。验证码不返回，也不作为消息保存；用 code/check 核对。短信用「管理员与登录 → 登录方式」中验证码的短信模板。只给 code:send 时，接收人须是数据范围内的成员；code:any 可向通讯录以外的手机号发短信。接收人不存在、停用、不在数据范围内或没有邮箱时，应答相同，得到的 codeId 任何验证码都不符合。同一接收人每种发送方式每分钟 1 条、每天 10 条，由全部开发者共用，超出返回 1010。同一号码用 userId 和 mobile 合计也是这个数，合计超出时应答相同，不发送。requestId 重复时，验证码有效期内返回同一个 codeId，不再发送；过期后，或节点故障使它没有发出时，是一条新的验证码。userId 与 mobile 须给且只给一个。`,
    en: `Sends a code of six digits to a member or a mobile number. It is good for ${seconds} seconds, ${codeTries} tries and one use. The code is not returned and not kept as a message; check it by code/check. SMS use the template of codes in Admins and sign-in → Ways of signing in. With code:send alone the receiver is a member within the data scope; code:any sends SMS to numbers outside of the address book. If the receiver does not exist, is disabled, outside of the data scope or has no mail address, the answer is the same, and nothing fits its codeId. A receiver takes 1 code a minute and 10 a day by each sendType, from all developers together; beyond that the call returns 1010. A number takes as many by userId and mobile together; beyond that the answer is the same, and nothing is sent. A repeated requestId returns the same codeId and sends nothing while the code is good; once it has expired, or was lost with a node that failed, it is a new code. Give exactly one of userId and mobile.`,
  },
  access: { by: 'developer', scope: 'code:send' },
  directory: true,
  input: {
    purpose: purposeField,
    ...receiverFields,
    sendType: choice(
      { zh: '发送方式：1-短信；2-邮件；0-企业微信', en: '1 SMS; 2 mail; 0 WeCom' },
      codeSendTypes,
    ),
    requestId: optionalText(
      {
        zh: '自己生成的请求 id；验证码有效期内，相同 id 的重复请求返回第一次的 codeId',
        en: 'Id of your own; while the code is good, a request with the same id returns the codeId of the first',
      },
      { max: 64 },
    ),
  },
  oneOf: [['userId'], ['mobile']],
  logged: ['userId', 'sendType', 'requestId'],
  output: Type.Object({
    codeId: Type.String({
      about: { zh: '验证码的 id，用于 code/check', en: 'Id of the code, for code/check' },
    }),
    expiresIn: Type.Integer({ about: { zh: '有效秒数', en: 'Seconds until it expires' } }),
  }),
  errors: ['messageCentre'],
  sample: { codeId: '0yXbq6sBvV9k1mTz3nQeHc4u', expiresIn: seconds },
  sampleInput: { purpose: '登录', userId: '{userId}', sendType: '0', requestId: '{unique}' },
  handle(ctx: CodeNeeds, { input, developer }) {
    const { userId, mobile, sendType, requestId } = input
    const receiver = readReceiver({ userId, mobile })
    return sendCode(ctx, developer, { purpose: readPurpose(input.purpose), receiver, sendType, requestId })
  },
})

export const checkCodeCall = endpoint({
  methods: ['POST'],
  path: '/api/code/check',
  section: 'wisp',
  summary: { zh: '核对验证码', en: 'Check a code' },
  description: {
    zh: '核对用户填写的验证码；purpose、userId 或 mobile 须与发送时相同。符合时 ok 为 true，这条验证码随即失效。不符合时 retCode 仍为 0，why 说明原因：wrong 不符合（用途或接收人不同也是）；expired 已过期，或没有这个 codeId；used 已用过，或 5 次都试完。全角数字、空格和 - 不影响核对。应答丢失后重试，会得到 used。',
    en: 'Checks the code that a user typed. purpose and userId or mobile must be those of code/send. If it fits, ok is true and the code is used. If it does not, retCode is 0 too and why says the reason: wrong (also for another purpose or receiver); expired, or there is no such codeId; used: it was used, or its 5 tries are. Full-width digits, spaces and - do not matter. If the answer was lost, a second call answers used.',
  },
  access: { by: 'developer', scope: 'code:send' },
  input: {
    codeId: text({ zh: 'code/send 返回的 codeId', en: 'The codeId that code/send returned' }, { max: 64 }),
    purpose: purposeField,
    ...receiverFields,
    code: text({ zh: '用户填写的验证码', en: 'The code that the user typed' }, { max: 32 }),
  },
  oneOf: [['userId'], ['mobile']],
  logged: ['codeId', 'userId'],
  output: Type.Object({
    ok: Type.Boolean({ about: { zh: '是否符合', en: 'Whether it fits' } }),
    triesLeft: Type.Integer({
      about: { zh: '这条验证码还可试的次数', en: 'Tries that the code has left' },
    }),
    why: Type.Optional(
      Type.Enum(['wrong', 'expired', 'used'], {
        about: {
          zh: '为什么不符合：wrong 填错；expired 过期；used 用过或试完',
          en: 'Why it does not fit: wrong; expired; used, or its tries are',
        },
      }),
    ),
  }),
  errors: [],
  sample: { ok: false, triesLeft: 4, why: 'wrong' },
  sampleInput: { codeId: '0yXbq6sBvV9k1mTz3nQeHc4u', purpose: '登录', userId: '{userId}', code: '123456' },
  handle(ctx: Core, { input, developer }) {
    const { codeId, purpose, userId, mobile, code } = input
    return checkCode(ctx, developer, { codeId, purpose, receiver: readReceiver({ userId, mobile }), code })
  },
})
