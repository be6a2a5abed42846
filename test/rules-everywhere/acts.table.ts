import {
  addDeveloper,
  removeDeveloper,
  revokeOldSecret,
  revokeSecret,
  rotateSecret,
  setDeveloper,
} from '../../server/callers/developers/developer-admin.ts'
import { developerUsage } from '../../server/callers/developers/overview.ts'
import { acknowledge } from '../../server/features/alerts/alerts.ts'
import { removeApp, setApp } from '../../server/features/apps/apps.ts'
import { syncMenu } from '../../server/features/apps/menus/menu-sync.ts'
import { rollBackMenu } from '../../server/features/apps/menus/versions.ts'
import {
  revokeCompatSecret,
  rotateCompatSecret,
} from '../../server/features/compat-wecom/secrets/change-secrets.ts'
import { removeCorp } from '../../server/features/corp-lifecycle/removal/remove-corp.ts'
import { resumeCorp, suspendCorp } from '../../server/features/corp-lifecycle/suspend.ts'
import { restoreDeleted } from '../../server/features/deleted/restore.ts'
import { setAgent } from '../../server/organisation/corps/corp-admin.ts'
import { putAgent, removeAgent, setCorp } from '../../server/organisation/corps/corps.ts'
import { roleLevel } from '../../server/organisation/directory/permissions/person.ts'
import { setRole } from '../../server/organisation/people/administrators.ts'
import { directoryReplay } from '../../server/organisation/sync/events/replay.ts'
import { approveRun, cancelRun, startSync } from '../../server/organisation/sync/request.ts'
import { describeEvent, describeRun } from '../../server/organisation/sync/status.ts'
import { replayChosen, replayFiltered, replayRange } from '../../server/platform/inbox/replay.ts'
import { messages } from './messages.table.ts'
import { api, command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules for acts on what is there, or is not. */

const actor = 'test'
const ctx = () => here.world.ctx
const corpId = () => here.world.corpId
const devId = () => here.devId
const appId = () => here.appId

const nowhere: Rule[] = [
  [
    'a developer',
    '1000',
    /nocorp/,
    [
      feature(() => addDeveloper(ctx(), actor, 'nocorp', { name: '开发者' })),
      page('/web/developers/add', () => ({ corpId: 'nocorp', name: '开发者', listStyle: 'object' })),
      command('developer', 'add', '--corp', 'nocorp', '--name', '开发者'),
    ],
  ],
  [
    'an agent',
    '1000',
    /nocorp/,
    [
      feature(() => putAgent(ctx(), actor, 'nocorp', { agentId: 1, name: '应用', secret: 's', uses: [] })),
      page('/web/corps/agents/add', () => ({
        corpId: 'nocorp',
        agentId: 1,
        name: '应用',
        secret: 's',
        force: '1',
      })),
      command('agent', 'add', '1', '--corp', 'nocorp', '--secret', 's'),
    ],
  ],
  [
    'an administrator',
    '1000',
    /nocorp/,
    [
      feature(() => setRole(ctx(), actor, 'nocorp', 'lisi', { level: 2 })),
      page('/web/directory/role-set', () => ({ corpId: 'nocorp', userId: 'lisi', level: '2' })),
      command('admin', 'role', 'set', 'lisi', '--corp', 'nocorp', '--level', '2'),
    ],
  ],
  [
    'other settings',
    '1000',
    /nocorp/,
    [
      feature(() => setCorp(ctx(), actor, 'nocorp', { name: '企业' })),
      page('/web/corps/save', () => ({ corpId: 'nocorp', version: 'x', name: '企业' })),
      command('corp', 'set', '--corp', 'nocorp', '--name', '企业'),
    ],
  ],
  [
    'a sync',
    '1000',
    /nocorp/,
    [
      feature(() => startSync(ctx(), actor, 'nocorp', 'full')),
      page('/web/sync/start', () => ({ corpId: 'nocorp', kind: 'full' })),
      command('sync', 'run', '--corp', 'nocorp', '--no-wait'),
    ],
  ],
  [
    'a removal',
    '1000',
    /nocorp/,
    [
      feature(() => removeCorp(ctx(), actor, 'nocorp', 'nocorp')),
      command('corp', 'delete', 'nocorp', '--confirm', 'nocorp', '--no-wait'),
    ],
  ],
  [
    'a suspension',
    '1000',
    /nocorp/,
    [
      feature(() => suspendCorp(ctx(), actor, 'nocorp', { reason: 'x' })),
      command('corp', 'suspend', '--corp', 'nocorp', '--reason', 'x'),
    ],
  ],
  [
    'the end of a suspension',
    '1000',
    /nocorp/,
    [feature(() => resumeCorp(ctx(), actor, 'nocorp')), command('corp', 'resume', '--corp', 'nocorp')],
  ],
]

const saved = { version: 'x', name: '开发者', listStyle: 'object', enabled: '1' }

const developers: Rule[] = [
  [
    'that does not exist',
    '1002',
    /wd0/,
    [
      feature(() => setDeveloper(ctx(), actor, 'wd0', { name: '开发者' })),
      feature(() => rotateSecret(ctx(), actor, 'wd0', false)),
      feature(() => developerUsage(ctx(), 'wd0', 7)),
      feature(() => removeDeveloper(ctx(), actor, corpId(), 'wd0')),
      page('/web/developers/remove', () => ({ devId: 'wd0' })),
      command('developer', 'remove', 'wd0'),
      management('developer/remove', () => ({ devId: 'wd0' })),
      page('/web/developers/save', () => ({ ...saved, devId: 'wd0' })),
      page('/web/developers/add-secret', () => ({ devId: 'wd0' })),
      command('developer', 'set', 'wd0', '--name', '开发者'),
      command('developer', 'disable', 'wd0'),
      command('developer', 'rotate', 'wd0'),
      command('developer', 'revoke', 'wd0'),
      command('developer', 'usage', 'wd0'),
      feature(() => rotateCompatSecret(ctx(), actor, 'wd0', false)),
      page('/web/developers/compat/add-secret', () => ({ devId: 'wd0' })),
      command('developer', 'compat', 'rotate', 'wd0'),
      management('developer/compat/rotate', () => ({ devId: 'wd0' })),
      command('developer', 'compat', 'show', 'wd0'),
    ],
  ],
  [
    'has no such compat secret',
    '1000',
    /兼容密钥不存在/,
    [
      feature(() => revokeCompatSecret(ctx(), actor, devId(), 'none')),
      page('/web/developers/compat/revoke-secret', () => ({ devId: devId(), secretId: 'none' })),
      command('developer', 'compat', 'revoke', devId, '--secret', 'none'),
      management('developer/compat/revoke', () => ({ devId: devId(), secretId: 'none' })),
    ],
  ],
  [
    'that was not deleted does not come back',
    '1000',
    /没有可恢复的 developer wd0/,
    [
      feature(() => restoreDeleted(ctx(), actor, corpId(), { kind: 'developer', id: 'wd0' })),
      page('/web/deleted/restore', () => ({ kind: 'developer', id: 'wd0' })),
      command('deleted', 'restore', 'developer', 'wd0'),
      management('developer/restore', () => ({ id: 'wd0' })),
    ],
  ],
  [
    'with two secrets gets no third',
    '1000',
    /2 个有效密钥/,
    [
      feature(() => rotateSecret(ctx(), actor, devId(), false)),
      page('/web/developers/add-secret', () => ({ devId: devId() })),
      command('developer', 'rotate', devId),
    ],
  ],
  [
    'with one secret has no older one',
    '1000',
    /只有一个/,
    [
      feature(() => revokeOldSecret(ctx(), actor, here.api.devId)),
      command('developer', 'revoke', () => here.api.devId),
    ],
  ],
  [
    'has no such secret',
    '1000',
    /密钥不存在/,
    [
      feature(() => revokeSecret(ctx(), actor, devId(), 4711)),
      page('/web/developers/revoke-secret', () => ({ devId: devId(), secretId: 4711 })),
    ],
  ],
]

const corps: Rule[] = [
  [
    'an agent that is not there',
    '1000',
    /424242/,
    [
      feature(() => removeAgent(ctx(), actor, corpId(), 424242)),
      feature(() => setAgent(ctx(), actor, corpId(), { agentId: 424242, name: '应用', uses: [] }, undefined)),
      page('/web/corps/agents/remove', () => ({ agentId: 424242 })),
      page('/web/corps/agents/save', () => ({ agentId: 424242, name: '应用', version: 'x' })),
      command('agent', 'remove', '424242'),
    ],
  ],
]

const nobody = {
  corpId: '',
  roleLevel: roleLevel.system,
  assigned: [],
  member: undefined,
  adminName: 'admin',
  actor,
}

const apps: Rule[] = [
  [
    'that does not exist',
    '1000',
    /app0/,
    [
      feature(() => setApp(ctx(), actor, corpId(), 'app0', { name: '应用' })),
      feature(() => removeApp(ctx(), actor, corpId(), 'app0')),
      page('/web/apps/save', () => ({ id: 'app0', version: 1, settings: { name: '应用' } })),
      page('/web/apps/enable', () => ({ id: 'app0', enabled: '1' })),
      page('/web/apps/remove', () => ({ id: 'app0' })),
      page('/web/apps/menu/sync', () => ({ id: 'app0' })),
      command('app', 'set', 'app0', '--name', '应用'),
      command('app', 'disable', 'app0'),
      command('app', 'remove', 'app0'),
      command('app', 'sync', 'app0'),
      command('app', 'menu', 'app0'),
    ],
  ],
  [
    'that does not sync its menu',
    '1000',
    /同步/,
    [
      feature(() => syncMenu(ctx(), nobody, ctx().apps.get(corpId(), appId()))),
      page('/web/apps/menu/sync', () => ({ id: appId() })),
      command('app', 'sync', appId),
    ],
  ],
  [
    'without this version of its menu',
    '1000',
    /菜单版本 7/,
    [
      feature(() => rollBackMenu(ctx(), actor, ctx().apps.get(corpId(), appId()), 7)),
      page('/web/apps/menu/rollback', () => ({ id: appId(), n: 7 })),
      command('app', 'menu', appId, '--rollback', '7'),
    ],
  ],
]

const replaying = () => directoryReplay(ctx(), actor, corpId())

const syncs: Rule[] = [
  [
    'a run beside one of another kind',
    '1000',
    /试运行/,
    [
      feature(() => startSync(ctx(), actor, corpId(), 'full')),
      page('/web/sync/start', () => ({ kind: 'full' })),
      command('sync', 'run', '--no-wait'),
      command('sync', 'run', '--kind', 'reconcile', '--no-wait'),
    ],
  ],
  [
    'an approval of no run',
    '1000',
    /4711/,
    [
      feature(() => approveRun(ctx(), actor, corpId(), 4711)),
      page('/web/sync/approve', () => ({ id: 4711 })),
      command('sync', 'approve', '4711'),
    ],
  ],
  [
    'the end of no run',
    '1000',
    /4711/,
    [
      feature(() => cancelRun(ctx(), actor, corpId(), 4711)),
      page('/web/sync/cancel', () => ({ id: 4711 })),
      command('sync', 'cancel', '4711'),
    ],
  ],
  [
    'a look at no run',
    '1000',
    /没有同步 4711/,
    [feature(() => describeRun(ctx(), corpId(), 4711)), command('sync', 'drift', '4711')],
  ],
  [
    'a look at no event',
    '1000',
    /没有事件 4711/,
    [feature(() => describeEvent(ctx(), corpId(), 4711)), command('sync', 'event', '4711')],
  ],
  [
    'a replay of no event',
    '1000',
    /事件/,
    [
      feature(() => replayRange(ctx(), replaying(), 4711, 4712)),
      feature(() => replayChosen(ctx(), replaying(), [4711])),
      page('/web/sync/replay', () => ({ ids: [4711] })),
      page('/web/official/push/replay', () => ({ originalId: 'gh_bound', ids: [4711] })),
      command('sync', 'replay', '4711', '4712'),
      command('official', 'replay', '4711', '--account', 'gh_bound'),
    ],
  ],
  [
    'a replay of too many events',
    '1000',
    /20000/,
    [
      feature(() => replayFiltered(ctx(), replaying(), { upTo: 1 }, 20_001)),
      page('/web/sync/replay-filtered', () => ({ upTo: 1, expected: 20_001 })),
      page('/web/official/push/replay-filtered', () => ({
        originalId: 'gh_bound',
        upTo: 1,
        expected: 20_001,
      })),
    ],
  ],
]

const alerts: Rule[] = [
  [
    'that is not there',
    '1000',
    /没有提醒 4711/,
    [
      feature(() => acknowledge(ctx(), actor, { corpId: corpId(), withInstallation: true }, 4711)),
      page('/web/alerts/acknowledge', () => ({ id: 4711 })),
      command('alert', 'ack', '4711'),
    ],
  ],
]

const tagOn = (body: { tagId: string; userIds?: string[] }) => [
  page('/web/directory/tag-edit', () => body),
  ...['/api/org/addTagUsers', '/api/org/removeTagUsers'].map(path =>
    api(path, () => ({ tagId: body.tagId, userIdList: body.userIds })),
  ),
]

const tags: Rule[] = [
  ['of nobody', '1001', /不能同时为空/, tagOn({ tagId: '1' })],
  ['of an unknown tag', '1006', /99999/, tagOn({ tagId: '99999', userIds: ['lisi'] })],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['in a corp that does not exist', nowhere],
  ['a developer', developers],
  ['a corp', corps],
  ['an app', apps],
  ['a sync', syncs],
  ['an alert', alerts],
  ['messages', messages],
  ['a change', tags],
]
