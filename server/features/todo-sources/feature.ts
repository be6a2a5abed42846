/**
 * The folders of todo-sources/: receive/ is the wire; weaver/, seeyon/ and landray/ are 泛微, 致远 and 蓝凌; apply/ is what becomes
 * of a push; unrecognised/ what was not understood.
 */

import type { Developers } from '../../callers/developers/developers.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../platform/core.ts'
import type { BodiesInProgress } from '../../platform/http/bodies/in-progress.ts'
import { feature } from '../../platform/manifest/feature.ts'
import type { Apps } from '../apps/catalog.ts'
import type { TodoSettings } from '../todos/settings/catalog.ts'
import * as admin from './admin/source-calls.ts'
import { createSources, type Sources } from './catalog.ts'
import { sourceCommands } from './commands/sources.ts'
import * as sources from './console/source-calls.ts'
import * as unrecognised from './console/unrecognised-calls.ts'
import { sourceRetention, todoSourcePersonal } from './retention.ts'
import { registerSources } from './routes.ts'
import { sourceSealed } from './sealed.ts'
import { sourceSection } from './settings-section.ts'
import { sourcesTied } from './tied.ts'
import { sourceNotUnderstood } from './unrecognised/cause.ts'

type Needs = Core & {
  apps: Apps
  bodies: BodiesInProgress
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  todoSettings: TodoSettings
}

/** To-dos of systems that send them in the words of 泛微, 致远 or 蓝凌, to an address of their own (docs/upstream/oa-todos.md). */
export const todoSourcesFeature = feature<Needs, { sources: Sources }>()({
  name: 'todo-sources',
  adminCalls: [
    admin.adminSources,
    admin.adminAddSource,
    admin.adminSetSource,
    admin.adminRotateSource,
    admin.adminRemoveSource,
    admin.adminReplaySources,
  ],
  pageCalls: [
    sources.listSourcesCall,
    sources.addSourceCall,
    sources.saveSourceCall,
    sources.switchSourceCall,
    sources.showSourceCall,
    sources.rotateSourceCall,
    sources.removeSourceCall,
    unrecognised.listUnrecognisedCall,
    unrecognised.replayUnrecognisedCall,
    unrecognised.replayAllUnrecognisedCall,
    unrecognised.dismissUnrecognisedCall,
  ],
  routes: registerSources,
  commands: sourceCommands,
  commandGroups: {
    'todo source': {
      zh: '添加和修改待办来源，重放未识别的推送',
      en: 'Add and change sources of to-dos, replay pushes that were not recognised',
    },
  },
  causes: { 'todo-source-unrecognised': sourceNotUnderstood },
  settings: { todoSources: sourceSection },
  tied: sourcesTied,
  personal: todoSourcePersonal,
  tables: sourceRetention,
  sealed: sourceSealed,
  kept: [
    { of: 'app', table: 'todo_source', column: 'app_id' },
    {
      of: 'app',
      table: 'todo_source_person',
      column: 'source_id',
      through: { table: 'todo_source', key: 'id', owner: 'app_id' },
    },
  ],
  create: ctx => ({ sources: createSources(ctx) }),
  readers: ({ sources }) => [sources],
})
