import type { CodeFailure, CodeTemplate, CodeToSend, SmsCodes } from '../sms-codes.ts'

/** No templates, and nothing sent, where no feature sends. */
export type OfferedSmsCodes = {
  templates(corpId: string): readonly CodeTemplate[]
  send(corpId: string, code: CodeToSend): Promise<CodeFailure | undefined>
}

const noChannel: CodeFailure = {
  said: { zh: '没有短信渠道', en: 'there is no SMS channel' },
  fix: { zh: '请先配置短信渠道。', en: 'Set up the SMS channel first.' },
  isNumber: false,
}

/** By the one feature that has it. */
export function smsCodesOf(
  features: readonly { smsCodes?: SmsCodes<never> }[],
  ctx: () => never,
): OfferedSmsCodes {
  const codes = features.find(one => one.smsCodes)?.smsCodes
  return {
    templates: corpId => codes?.templates(ctx(), corpId) ?? [],
    send: async (corpId, code) => (codes ? codes.send(ctx(), corpId, code) : noChannel),
  }
}
