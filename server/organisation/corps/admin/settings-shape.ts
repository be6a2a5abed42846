import { Type } from 'typebox'
import { agentUses } from '../corps.ts'

/** Settings of a WeCom app, without secrets. */
export const agentSettingsShape = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  uses: Type.Array(Type.String({ maxLength: 32 }), {
    maxItems: agentUses.length,
    about: {
      zh: '用途：names 读取姓名，signin 登录，messages 消息',
      en: 'What it is used for: names, signin, messages',
    },
  }),
}
