import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { dashboard, dashboardFile } from './dashboard/dashboard.ts'

/** Writes what Grafana imports. */
writeFileSync(resolve(import.meta.dirname, '..', dashboardFile), dashboard())
