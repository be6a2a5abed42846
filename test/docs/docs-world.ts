import type { Demo } from '../../scripts/demo/demo-file.ts'
import { fillWithSampleCorp } from '../../scripts/demo/fill/sample-corp.ts'
import {
  allowLoopbackNotices,
  connectAgents,
  connectCallback,
  connectOfficialAccounts,
  sandboxInfo,
} from '../../scripts/demo/sandbox-control.ts'
import { compatBase } from '../../server/features/compat-wecom/names.ts'
import { managerBy } from '../admin-token.ts'
import { startWorld } from '../harness.ts'

/** wisp beside a sandbox as `npm start` leaves them, and what it writes to demo.json. */
export async function startDocsWorld() {
  const world = await startWorld({ members: 120, departments: 16, tags: 5, seed: 1, synced: false })
  const { ctx, sandbox, server } = world
  const {
    pay,
    compat,
    ldap: _ldap,
    ...filled
  } = await fillWithSampleCorp(ctx, await sandboxInfo(sandbox.url))
  const demo: Demo = {
    ...filled,
    platformUrl: server.url,
    sandboxUrl: sandbox.url,
    ...(pay && { pay: { ...pay, appUrl: `${server.url}/pay` } }),
    ...(compat && { compat: { ...compat, base: `${server.url}${compatBase}` } }),
  }
  await connectCallback(demo, demo)
  await connectAgents(demo)
  await connectOfficialAccounts(demo)
  await allowLoopbackNotices(demo)
  const env = {
    WISP_URL: server.url,
    SANDBOX_URL: sandbox.url,
    DEV_ID: demo.devId,
    DEV_SECRET: demo.devSecret,
    ADMIN_TOKEN: (await managerBy({ ...world, corpId: demo.corpId }, { account: 'guide' })).token,
  }
  return { ...world, demo, env }
}
