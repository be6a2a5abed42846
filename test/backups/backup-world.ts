import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type S3Sandbox, startS3 } from '../../sandbox/s3/s3.ts'
import { type PlanChange, setPlan, tryPlan } from '../../server/features/backup/plan/plan.ts'
import { readPlan } from '../../server/features/backup/plan/plan-store.ts'
import { createBackups } from '../../server/features/backup/runs/backups.ts'
import { addRun, latestRuns, type Run } from '../../server/features/backup/runs/run-store.ts'
import { startWorld, type World } from '../harness.ts'
import { type SignedInClient, signInAs } from '../sign-in.ts'

export const quick = { pausesMs: [5, 5], shortMs: 500, longMs: 500, kinds: ['embedded'] as const }

/** wisp with a folder and an S3 address for its backups. */
export type BackupWorld = {
  world: World
  s3: S3Sandbox
  system: SignedInClient
  plan: PlanChange
  /** Of the test's own, with the backup folder in it. */
  dir: string
  folder: string
  keysThere(): string[]
  objectOf(run: Run | undefined): Buffer
  /** Backs up once on a node of its own, as the plan says, and returns the row. */
  backUpOnce(change?: PlanChange, ctx?: World['ctx']): Promise<Run>
  /** What is told of a place that cannot be used. */
  refusal(change: PlanChange, ctx?: World['ctx']): Promise<string>
  clean(): Promise<void>
  close(): Promise<void>
}

export async function startBackupWorld(): Promise<BackupWorld> {
  const dir = mkdtempSync(join(tmpdir(), 'wisp-by-plan-'))
  const folder = join(dir, 'backups')
  mkdirSync(folder)
  const s3 = await startS3()
  const world = await startWorld({ env: { WISP_BACKUP_DIR: folder, WISP_OUTBOUND_ALLOW: '127.0.0.1' } })
  const plan: PlanChange = {
    enabled: true,
    cron: '30 3 * * *',
    place: 's3',
    endpoint: s3.url,
    addressing: 'path',
    testDays: 0,
    region: s3.keys.region,
    bucket: s3.keys.bucket,
    prefix: 'school/wisp',
    accessKey: s3.keys.accessKey,
    secretKey: s3.keys.secretKey,
  }
  return {
    world,
    s3,
    plan,
    dir,
    folder,
    system: await signInAs(world, 'system'),
    keysThere: () => [...s3.bucket.objects.keys()],
    objectOf: run => s3.bucket.objects.get(`school/wisp/${run?.name}`)?.body ?? Buffer.alloc(0),
    async backUpOnce(change = plan, ctx = world.ctx) {
      if (!(await readPlan(ctx.db))) await setPlan(ctx, 'test', change)
      const place = change.place ?? 's3'
      const dueAt = new Date(ctx.now())
      const id = await addRun(ctx.db, { place, reason: 'asked', askedBy: 'test', attempt: 3, dueAt })
      await createBackups(ctx, quick).look(place)
      return (await latestRuns(ctx.db, 50)).find(run => run.id === id)!
    },
    refusal: (change, ctx = world.ctx) =>
      tryPlan(ctx, { ...plan, ...change }, quick).then(
        () => 'usable',
        error => (error.words?.zh ?? error.message) as string,
      ),
    async clean() {
      s3.fault = () => undefined
      s3.clockMs = 0
      world.clock.offsetMs = 0
      for (const table of ['backup_trial', 'backup_run', 'backup_plan'])
        await sql`delete from ${sql.table(table)}`.execute(world.ctx.db)
      s3.bucket.objects.clear()
      s3.bucket.uploads.clear()
      for (const name of readdirSync(folder)) rmSync(join(folder, name))
    },
    async close() {
      await world.close()
      await s3.close()
      rmSync(dir, { recursive: true })
    },
  }
}
