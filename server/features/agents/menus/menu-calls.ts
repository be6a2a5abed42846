import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { menuCalls } from '../../chat-menus/menu-calls.ts'
import { agentCall } from '../agent.ts'
import { menuSchema } from './menu.ts'
import { agentMenus, menuOf } from './menus.ts'

const getMenu = agentCall({
  method: 'GET',
  path: '/menu',
  right: 'read',
  output: Type.Object({
    /** Of the newest version; 0 without any. */
    n: Type.Number(),
    menu: menuSchema,
    /** The version that WeCom shows. */
    publishedN: Type.Union([Type.Number(), Type.Null()]),
  }),
  async handle(ctx: Core, { of }) {
    const { n, menu, publishedN } = await menuOf(ctx, of)
    return { n, menu, publishedN }
  },
})

export const agentMenuCalls = [
  getMenu,
  ...menuCalls(agentCall, agentMenus, menuSchema, { outgoing: true }),
] as const
