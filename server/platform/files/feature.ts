import type { Core } from '../core.ts'
import { feature } from '../manifest/feature.ts'
import { showFile, uploadFile } from './file-calls.ts'
import { filesRetention } from './retention.ts'

/** What people upload, by the hash of its content. */
export const filesFeature = feature<Core>()({
  name: 'files',
  pageCalls: [uploadFile, showFile],
  tables: filesRetention,
})
