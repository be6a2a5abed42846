import { Type } from 'typebox'
import type { App } from '../app.ts'

const url = (zh: string, en: string) => Type.String({ maxLength: 2000, about: { zh, en } })
const ids = Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 1000 })

/** Settings of an app, except for its icon. */
export const appSettingsShape = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  devId: Type.Union([Type.String({ maxLength: 64 }), Type.Null()], {
    about: { zh: '所属开发者', en: 'The developer that it belongs to' },
  }),
  agentId: Type.Union([Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), Type.Null()], {
    about: { zh: '关联的企业微信应用', en: 'The agent that it is linked to' },
  }),
  enabled: Type.Boolean({
    about: { zh: '是否启用；停用后 jessionId 立即失效', en: 'Disabling ends its jessionIds at once' },
  }),
  payShortcut: Type.Boolean({
    about: {
      zh: '一码通：其 jessionId 可查询待付款的账单',
      en: 'Whether its tickets may ask for bills that wait',
    },
  }),
  homeUrl: url('电脑端主页', 'Home page on desktops'),
  mobileUrl: url('手机端主页；空为电脑端主页', "Home page on phones; '' is that of desktops"),
  category: Type.String({ maxLength: 32, about: { zh: '分类', en: 'Category' } }),
  description: Type.String({ maxLength: 500, about: { zh: '简介', en: 'Description' } }),
  sortNo: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    about: { zh: '排序号，大的在前', en: 'Greater ones stand first' },
  }),
  openIn: Type.Enum(['top', 'frame'], {
    about: { zh: '手机上的打开方式：整页或框内', en: 'How phones open it' },
  }),
  origins: Type.Array(Type.String({ maxLength: 300 }), {
    maxItems: 20,
    about: {
      zh: '除主页外可取得 jessionId 的网站来源',
      en: 'Origins beside those of the home pages that may get a jessionId',
    },
  }),
  syncMenu: Type.Boolean({ about: { zh: '是否同步菜单', en: 'Whether its menu is synced' } }),
  syncUrl: url('同步菜单的地址', 'Address of the menu'),
  visibility: Type.Object(
    {
      everyone: Type.Boolean(),
      departments: ids,
      userIds: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 1000 }),
      tags: ids,
      groups: Type.Optional(ids),
    },
    { additionalProperties: false, about: { zh: '谁能看到', en: 'Who sees it' } },
  ),
}

/** `userIds` are the members of its visibility. */
export function appSettingsOf(app: App, userIds: string[]) {
  const { name, devId, agentId, enabled, payShortcut, homeUrl, mobileUrl, category, description } = app
  const { sortNo, openIn, ownOrigins, syncMenu, syncUrl, visibility } = app
  const { everyone, departments, tags, groups } = visibility
  return {
    name,
    devId,
    agentId,
    enabled,
    payShortcut,
    homeUrl,
    mobileUrl,
    category,
    description,
    sortNo,
    openIn,
    origins: [...ownOrigins],
    syncMenu,
    syncUrl,
    visibility: {
      everyone,
      departments: [...departments],
      userIds,
      tags: [...tags],
      ...(groups ? { groups: [...groups] } : {}),
    },
  }
}
