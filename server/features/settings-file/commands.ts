import { readFile } from 'node:fs/promises'
import { corpOf, corpPart } from '../../organisation/corps/commands/corp-parts.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Three } from '../../organisation/three/three.ts'
import { actor } from '../../platform/command/actor.ts'
import { command } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
import { requiredText, text, toggle } from '../../platform/command/parts.ts'
import { table } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { applySettings, compareSettings, exportSettings, readSettings } from './apply-settings.ts'
import type { Difference } from './difference.ts'

type Needs = Core & { corps: Corps; mirrors: Pick<Mirrors, 'during'>; offered: FeatureOffers }
type ApplyNeeds = Needs & { three: Pick<Three, 'isOn'> }

const exportCommand = command({
  path: 'export settings',
  point: 'settings:read',
  summary: {
    zh: '把一个企业的设置写成 JSON，不含任何密钥；可用 wisp apply 应用',
    en: 'Print the settings of a corp as JSON, without any secret; wisp apply takes it',
  },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const file = await exportSettings(ctx, corpOf(ctx, corp))
    return { data: JSON.parse(file), text: file.trimEnd() }
  },
})

const apply = command({
  path: 'apply',
  point: 'settings:apply',
  summary: {
    zh: '使一个企业的设置与文件相同；文件里没有写的不变，不删除任何东西',
    en: 'Make the settings of a corp those of a file; what the file leaves out stays, and nothing is deleted',
  },
  details: {
    zh: '先用 --dry-run 看差异。文件可以手写，也可以来自另一套平台：开发者和应用按编号对应，编号不同时按名称。新建的开发者用 wisp developer rotate <devId> --revoke 取得密钥。',
    en: 'See the differences with --dry-run first. The file may be written by hand or come from another installation: developers and apps are matched by id, and by name where ids differ. A new developer gets its secret by wisp developer rotate <devId> --revoke.',
  },
  parts: {
    file: {
      ...requiredText('<file>', {
        zh: 'wisp export settings 写的文件',
        en: 'file that wisp export settings printed',
      }),
      kind: 'file' as const,
    },
    dryRun: toggle('--dry-run', { zh: '只显示差异', en: 'show the differences only' }),
    corp: text('--corp <corpId>', {
      zh: '用于哪个企业；默认文件里的',
      en: 'corp that it is applied to; by default that of the file',
    }),
  },
  async run(ctx: ApplyNeeds, { file: path, dryRun, corp }) {
    const file = readSettings(ctx, await textOf(path), corp)
    refuseForThree(ctx, file.corpId)
    const differences = dryRun ? await compareSettings(ctx, file) : await applySettings(ctx, actor, file)
    const data = { corpId: file.corpId, dryRun, differences }
    if (differences.length === 0) return { data, text: said({ zh: '没有差异', en: 'no differences' }) }
    const shown = table(
      [
        { zh: '部分', en: 'Section' },
        { zh: '对象', en: 'Object' },
        { zh: '设置', en: 'Setting' },
        { zh: '现在', en: 'Now' },
        { zh: '文件', en: 'File' },
      ],
      differences.map(rowOf),
    )
    const end = dryRun
      ? said({
          zh: '没有改动；去掉 --dry-run 即应用',
          en: 'nothing was changed; leave out --dry-run to apply it',
        })
      : said({ zh: `已应用 ${differences.length} 处改动`, en: `applied ${differences.length} changes` })
    return { data, text: `${shown}\n\n${end}` }
  },
})

/**
 * A file sets what each of the three is responsible for, such as where the audit goes. Of which corp it is can stand in the file alone, which
 * nobody has read where commands are authorised.
 */
function refuseForThree({ three }: ApplyNeeds, corpId: string): void {
  if (!three.isOn(corpId)) return
  throw new ApiError('forbidden', {
    zh: told`企业 ${corpId} 启用了三员，不能用文件修改设置，它会绕过三员的分工；没有改动`,
    en: told`the three administrators of ${corpId} are separated, and a file of settings would go around them: nothing was changed`,
  })
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    const why = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new ApiError('badParameter', {
      zh: told`读不到文件 ${path}: ${why}`,
      en: told`cannot read ${path}: ${why}`,
    })
  })
}

function rowOf({ section, key, name, act, field, before, after }: Difference): string[] {
  const object =
    act === 'add'
      ? said({ zh: `${name}（新建${key && ` ${key}`}）`, en: `${name} (new${key && ` ${key}`})` })
      : key && key !== name
        ? said({ zh: `${name}（${key}）`, en: `${name} (${key})` })
        : name || '—'
  return [section, object, field, act === 'add' ? '—' : JSON.stringify(before), JSON.stringify(after)]
}

export const settingsFileCommands = [exportCommand, apply]
