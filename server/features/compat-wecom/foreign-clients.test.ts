import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import FormData from 'form-data'
// The package's index also loads its official account part, which needs a file that node-socialite no longer
// has.
import Application from 'node-easywechat/dist/Work/Application.js'
import { AccessToken, ApiConfig, HttpKit, QyAccessTokenApi, QyApiConfigKit, QySendMsgApi } from 'tnwx'
import { afterAll, beforeAll, expect, test } from 'vitest'
