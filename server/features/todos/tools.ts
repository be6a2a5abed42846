import type { Tool } from '../../platform/manifest/tool.ts'
import { listTodosCall, putTodosCall, putWire } from './api/todos-api.ts'
import { tryTodos } from './put-todos.ts'
import type { WritingTodos } from './tell-of-todos.ts'
import { developerAsWriter } from './writer.ts'

export const todoTools: readonly Tool<WritingTodos>[] = [
  {
    name: 'put_todo',
    title: { zh: '写入待办', en: 'Put a to-do' },
    description: {
      zh: '给成员新建或修改待办，一次最多 500 条。先不带 confirm 调用：只检查每一条，返回将会怎样，什么都不写入；请用户确认后，在 10 分钟内以同样的 list 加上应答中的 requestId 和 confirm: true 再次调用。同一条再次写入不会重复。',
      en: 'Makes or changes to-dos of members, up to 500 at once. Call it without confirm first: it checks each, answers what would become of it, and writes nothing. When the user has agreed, call it again within 10 minutes with the same list, the requestId of the answer and confirm: true. Writing the same again doubles nothing.',
    },
    endpoint: putTodosCall,
    confirmed: {
      async preview(ctx, developer, given, language) {
        const list = given['list']
        const results = await tryTodos(ctx, developerAsWriter(ctx, developer), list)
        return { list: results.map((one, at) => putWire(one, (list as unknown[])[at], language)) }
      },
    },
    inputs: ['list'],
  },
  {
    name: 'list_todos',
    title: { zh: '待办列表', en: 'List to-dos' },
    description: {
      zh: '列出自己应用的待办，可按人、应用、类型和状态。',
      en: 'The to-dos of your apps, by person, app, kind and state.',
    },
    endpoint: listTodosCall,
    inputs: ['agentId', 'userId', 'kind', 'state', 'pageNo', 'pageSize'],
    defaults: { pageSize: 20 },
  },
]
