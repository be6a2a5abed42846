import { join } from 'node:path'
import { type Child, firstMessage } from './children.ts'
import type { Demo } from './demo-file.ts'
import { followSample } from './follow-tour.ts'

type Start = (name: string, script: string, env: Record<string, string>, log: string) => Child
type Place = { dataDir: string; wispEnv: Record<string, string>; oaPort: number }

/** Binds the small OA as a source of to-dos, and starts it: 张三 has a to-do from it. */
export async function startSmallOa(
  start: Start,
  { dataDir, wispEnv, oaPort }: Place,
  demo: Demo,
): Promise<Pick<Demo, 'todoSource' | 'oaUrl'>> {
  const oaUrl = `http://127.0.0.1:${oaPort}`
  const env = { ...wispEnv, WISP_DEMO_CORP: demo.corpId, WISP_DEMO_OA_URL: oaUrl }
  const script = 'scripts/demo/fill/small-oa.ts'
  const binding = start('绑定小 OA', script, env, join(dataDir, 'small-oa-setup.log'))
  const { weaver, seeyon, landray } =
    await firstMessage<Record<'weaver' | 'seeyon' | 'landray', string>>(binding)
  await binding.exited
  const oaEnv = {
    WISP_OA_PORT: String(oaPort),
    WISP_OA_WEAVER_BASE: weaver,
    WISP_OA_SEEYON_BASE: seeyon,
    WISP_OA_LANDRAY_BASE: landray,
    WISP_OA_FILE: join(dataDir, 'small-oa.json'),
  }
  const oa = start('小 OA', 'sandbox/small-oa/main.ts', oaEnv, join(dataDir, 'small-oa.log'))
  await firstMessage(oa)
  followSample(demo, oa)
  return { todoSource: { kind: 'weaver', base: weaver }, oaUrl }
}
