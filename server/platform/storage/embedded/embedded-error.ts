import { StartError } from '../../operation/start-error.ts'

/** The embedded PostgreSQL cannot be used. The message names the path, the cause and the remedy, in both languages. */
export class EmbeddedError extends StartError {}

/** The remedy for every machine that cannot run the embedded PostgreSQL. */
export const useOwnServer = {
  zh: '请自备 PostgreSQL（15 或更新）并设置 WISP_DATABASE_URL 与 WISP_SECRET_KEY。',
  en: 'Run a PostgreSQL (15 or later) of your own and set WISP_DATABASE_URL and WISP_SECRET_KEY.',
}
