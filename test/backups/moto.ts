import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { until } from '../until.ts'

/** An S3 that nobody here wrote: Debian's python3-moto, which checks keys and signatures against its own IAM. */
export type Moto = {
  url: string
  accessKey: string
  secretKey: string
  bucket: string
  /** Runs Python with `s3`, a client of boto3 with the same keys, and returns what it prints, as JSON. */
  ask<T>(expression: string): Promise<T>
  stop(): Promise<void>
}

const python = '/usr/bin/python3'
const bucket = 'wisp-backups'

const prepare = `
import boto3, json, sys
url = sys.argv[1]
at = dict(endpoint_url=url, region_name='us-east-1', aws_access_key_id='first', aws_secret_access_key='first')
iam = boto3.client('iam', **at)
iam.create_user(UserName='wisp')
policy = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}]}
iam.put_user_policy(UserName='wisp', PolicyName='p', PolicyDocument=json.dumps(policy))
key = iam.create_access_key(UserName='wisp')['AccessKey']
boto3.client('s3', **at).create_bucket(Bucket='${bucket}')
print(json.dumps({'accessKey': key['AccessKeyId'], 'secretKey': key['SecretAccessKey']}))
`

/** How many calls moto takes without looking at who makes them: those of \`prepare\`. */
const callsBefore = '4'

async function run<T>(script: string, args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(python, ['-c', script, ...args])
  return JSON.parse(stdout) as T
}

export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: callsBefore }
  const child: ChildProcess = spawn(python, ['-m', 'moto.server', '-p', String(port)], {
    env,
    stdio: 'ignore',
  })
  await until('moto', async () => {
    if (child.exitCode !== null) throw new Error('python3-moto does not start')
    const answer = await fetch(`${url}/moto-api/`).catch(() => undefined)
    return answer !== undefined
  })
  const keys = await run<{ accessKey: string; secretKey: string }>(prepare, [url])
  return {
    url,
    bucket,
    ...keys,
    ask(expression) {
      const script = `
import boto3, json, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id=sys.argv[2], aws_secret_access_key=sys.argv[3])
print(json.dumps(${expression}, default=str))
`
      return run(script, [url, keys.accessKey, keys.secretKey])
    },
    async stop() {
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
