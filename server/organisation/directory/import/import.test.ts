import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { type SignedInClient, signInAs } from '../../../../test/sign-in.ts'
import { csvText } from '../../../platform/http/answers/csv.ts'

/**
 * zhangsan manages 3 (lisi, yiwen, xiongziyan) and may view 5 (zhaomin). In WeCom nobody has a mail address unless a test
 * sets one.
 */
let world: World
let system: SignedInClient
let graded: SignedInClient
beforeAll(async () => {
  world = await startWorld({ overrides: { wecomOptions: { retries: 0 } } })
  for (const userid of ['lisi', 'yiwen', 'zhaomin', 'wangwu', 'xiongziyan'])
    await world.admin('user/update', { userid, email: '' })
  await world.sync()
  system = await signInAs(world, 'system')
  graded = await signInAs(world, 'graded', 'zhangsan', [
    { departmentId: 3, manage: true },
    { departmentId: 5, manage: false },
  ])
})
afterAll(() => world.close())

const base64 = (file: string | Buffer) => Buffer.from(file).toString('base64')
const preview = (file: string | Buffer, as = system) =>
  as.post('/web/directory/import-preview', { fileName: 'a.csv', content: base64(file) })
const apply = (file: string | Buffer, token: string, as = system) =>
  as.post('/web/directory/import-apply', { fileName: 'a.csv', content: base64(file), token })
const emailOf = async (userId: string) =>
  (await system.get('/web/directory/member', { userId })).body.email as string
const utf16 = (text: string, mark = true) => Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le')
/** The text `账号,邮箱` and `lisi,a@b.cn` in GBK. */
const gbk = Buffer.concat([
  Buffer.from([0xd5, 0xca, 0xba, 0xc5, 0x2c, 0xd3, 0xca, 0xcf, 0xe4, 0x0a]),
  Buffer.from('lisi,a@b.cn\n'),
])

describe('reading the file', () => {
  it.each([
    ['UTF-8', '账号,邮箱\nlisi,a@b.cn', 'UTF-8', ','],
    ['UTF-8 with a BOM', '\uFEFF账号;邮箱\r\nlisi;a@b.cn\r\n', 'UTF-8', ';'],
    ['tabs', 'userid\temail\nlisi\ta@b.cn', 'UTF-8', '\t'],
    ['GBK', gbk, 'GB18030', ','],
    ['UTF-16 with a BOM', utf16('账号\t邮箱\r\nlisi\ta@b.cn\r\n'), 'UTF-16', '\t'],
    ['UTF-16 without', utf16('userid,email\nlisi,a@b.cn\n', false), 'UTF-16', ','],
    ['UTF-16 the other way round', utf16('userid,email\nlisi,a@b.cn\n').swap16(), 'UTF-16', ','],
    ['quotes', '"账号","邮箱"\n"lisi","a@b.cn"', 'UTF-8', ','],
    [
      'lines above the header',
      '填写说明：\n1、必填\n账号 (必填),姓名,电子邮箱\nlisi,李四,a@b.cn\n\n,,\n',
      'UTF-8',
      ',',
    ],
  ])('understands %s', async (_name, file, encoding, separator) => {
    const { body, retMessage } = await preview(file)
    expect(retMessage).toBe('成功')
    expect(body.file).toMatchObject({ encoding, separator, columns: ['userId', 'email'] })
    expect(body.counts).toMatchObject({ rows: 1, stored: 1, wrong: 0 })
    expect(body.first).toMatchObject([{ userId: 'lisi', userName: '李四', email: 'a@b.cn' }])
  })

  it.each([
    ['', /content/],
    ['lisi,a@b.cn', /没有找到表头/],
    ['账号,邮箱\n', /没有数据/],
    ['账号,邮箱\nlisi,"a@b.cn', /引号没有成对/],
    [Buffer.from('504b030414000600', 'hex'), /Excel/],
    [Buffer.from([0x61, 0xff, 0xff, 0x80, 0x0a]), /编码/],
    [`账号,邮箱\n${'lisi,a@b.cn\n'.repeat(100_001)}`, /最多导入 100000 行/],
  ])('says what is wrong with %#', async (file, wanted) => {
    const answer = await preview(file)
    expect(answer.retCode).toMatch(/^100[01]$/)
    expect(answer.retMessage).toMatch(wanted)
  })

  it.each([
    ['账号,姓名\nlisi,李四', /没有“手机”（mobile）或“邮箱”/, { userId: 0 }],
    ['账号,邮箱,email\nlisi,a,b', /“邮箱”一列出现了两次|“邮件”|出现了两次/, { userId: 0, email: 1 }],
    ['工号;家庭邮箱\nlisi;a@b.cn', /没有找到表头/, {}],
  ])('says what columns are lacking in %j, and which there are', async (file, why, at) => {
    const { body, retCode } = await preview(file)
    expect(retCode).toBe('0')
    expect(body.file.lacking).toMatch(why)
    expect(body.file.at).toEqual(at)
    expect(body.counts.rows).toBe(0)
    expect((await apply(file, body.token)).retMessage).toMatch(why)
  })

  it('takes no other text for a file', async () => {
    const answer = await system.post('/web/directory/import-preview', { content: '账号' })
    expect(answer.retMessage).toMatch(/base64/)
  })
})

describe('checking the lines', () => {
  it('says of every line what is wrong, with its number and mobiles masked', async () => {
    const file = [
      'userid,mobile,email',
      'lisi,,l@home.cn',
      'nobody,13812345678,',
      ',13812345678,',
      'LISI,,x@home.cn',
      'yiwen,1381234567,y@home.cn',
      'xiongziyan,1.38E+10,',
      'zhaomin,13812345678,not a mail',
      'wangwu,,',
    ].join('\n')
    const { body } = await preview(file)
    const told = body.problems.map((one: { line: number; column: string; why: string; value: string }) => [
      one.line,
      one.column,
      one.value,
      one.why,
    ])
    expect(told).toEqual([
      [3, 'userId', 'nobody', '通讯录中没有此账号，或者不在您可见的部门'],
      [4, 'userId', '', '没有填写账号'],
      [5, 'userId', 'LISI', '与第 2 行是同一成员，只取第 2 行'],
      [6, 'mobile', '****67', '不是 11 位的手机号'],
      [7, 'mobile', '****10', '数字被 Excel 改成了科学计数法：请把该列设为“文本”后重新填写'],
      [8, 'mobile', '138****5678', '企业微信已提供，以企业微信为准'],
      [8, 'email', 'not a mail', '不是正确的邮箱地址'],
      [9, 'userId', 'wangwu', '手机和邮箱都是空的'],
    ])
    expect(body.counts).toEqual({ rows: 8, stored: 2, unchanged: 1, wrong: 6, mobiles: 0, emails: 2 })
  })

  it('speaks the language of the page', async () => {
    const body = { content: base64('userid,email\nnobody,a@b.cn'), language: 'en' }
    const { problems } = (await system.post('/web/directory/import-preview', body)).body
    expect(problems[0].why).toBe('Nobody with this userid, or not in a department that you see')
  })

  it('lets a graded administrator import for managed departments only', async () => {
    const file = 'userid,email\nlisi,l@home.cn\nzhaomin,z@home.cn\nwangwu,w@home.cn\nnobody,n@home.cn\n'
    const { body } = await preview(file, graded)
    expect(body.problems.map((one: { line: number; why: string }) => [one.line, one.why])).toEqual([
      [3, '此成员不在您管理的部门'],
      [4, '通讯录中没有此账号，或者不在您可见的部门'],
      [5, '通讯录中没有此账号，或者不在您可见的部门'],
    ])
    expect(body.first[2]).toMatchObject({ userId: 'wangwu', userName: '' })
    await apply(file, body.token, graded)
    await world.ctx.sync.drain(world.corpId)
    expect(await emailOf('lisi')).toBe('l@home.cn')
    expect(await emailOf('wangwu')).toBe('')
    expect(await emailOf('zhaomin')).toBe('')
  })
})

describe('applying', () => {
  it('stores what was previewed, once and again', async () => {
    const file = '账号,邮箱\nyiwen,y@home.cn\nwangwu,=cmd()@home.cn\n'
    const { token } = (await preview(file)).body
    const first = (await apply(file, token)).body
    expect(first.counts).toMatchObject({ stored: 2, wrong: 0 })
    await world.ctx.sync.drain(world.corpId)
    expect(await emailOf('yiwen')).toBe('y@home.cn')
    const again = (await apply(file, token)).body
    expect(again.counts).toMatchObject({ stored: 0, unchanged: 2 })
    expect(first.report).toBe(
      '\uFEFF行,账号,姓名,手机,邮箱,结果,说明\r\n2,yiwen,易文,,y@home.cn,已导入,\r\n' +
        "3,wangwu,王五,,'=cmd()@home.cn,已导入,\r\n",
    )
    const { body } = await system.get('/web/directory/member', { userId: 'yiwen' })
    expect(body.origins[1]).toMatchObject({
      field: 'email',
      source: 'import',
      given: { source: 'import', updatedBy: 'admin', isShown: true },
    })
  })

  it('refuses another file, another person and a made-up token', async () => {
    const file = '账号,邮箱\nyiwen,y2@home.cn\n'
    const { token } = (await preview(file)).body
    for (const [other, given, as] of [
      [`${file}lisi,x@y.cn\n`, token, system],
      [file, token, graded],
      [file, 'x'.repeat(43), system],
    ] as const)
      expect((await apply(other, given, as)).retMessage).toMatch(/请重新预览/)
    expect(await emailOf('yiwen')).toBe('y@home.cn')
  })

  it('is written down without anybody’s address', async () => {
    const rows = await world.ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('act', '=', 'directory.import')
      .execute()
    expect(rows[0]).toMatchObject({ actor: 'zhangsan', detail: { fileName: 'a.csv', stored: 1 } })
    expect(JSON.stringify(rows)).not.toContain('home.cn')
  })

  it('takes the columns that were chosen, and applies the file with these alone', async () => {
    const content = '说明\n工号;家庭邮箱;备用\nlisi;chosen@home.cn;other@home.cn\n'
    const read = (columns?: object) =>
      system.post('/web/directory/import-preview', { content: base64(content), columns })
    const { headers } = (await read()).body.file
    expect(headers).toEqual([
      { name: '工号', example: 'lisi' },
      { name: '家庭邮箱', example: 'chosen@home.cn' },
      { name: '备用', example: 'other@home.cn' },
    ])
    const columns = { userId: 0, email: 1 }
    const { body } = await read(columns)
    expect(body.file).toMatchObject({ lacking: '', at: columns, ignoredColumns: ['备用'] })
    expect(body.first).toMatchObject([{ line: 3, userId: 'lisi', email: 'chosen@home.cn' }])
    const put = (chosen?: object) =>
      system.post('/web/directory/import-apply', {
        content: base64(content),
        token: body.token,
        columns: chosen,
      })
    for (const other of [undefined, { userId: 0, email: 2 }])
      expect((await put(other)).retMessage).toContain('文件与预览的不同')
    expect((await put(columns)).body.counts).toMatchObject({ stored: 1 })
    for (const wrong of [{ userId: 0, email: 3 }, { userId: 0, email: 0 }, { name: 0 }])
      expect((await read(wrong)).retCode, JSON.stringify(wrong)).toBe('1000')
    for (const wrong of [{ userId: -1 }, { userId: 1.5 }, { userId: '0' }, [0]])
      expect((await read(wrong)).retCode, JSON.stringify(wrong)).toBe('1000')
  })

  it('can be taken back for one member', async () => {
    const take = (userId: string, as: SignedInClient) =>
      as.post('/web/directory/supplement-remove', { userId, field: 'email' })
    expect((await take('wangwu', graded)).retCode).toBe('1007')
    expect((await take('zhaomin', graded)).status).toBe(403)
    expect((await take('yiwen', graded)).retCode).toBe('0')
    await world.ctx.sync.drain(world.corpId)
    expect(await emailOf('yiwen')).toBe('')
  })
})

describe('the template', () => {
  it('is a file that can be imported', async () => {
    const response = await fetch(`${world.server.url}/web/directory/import-template`, {
      headers: { cookie: system.cookie },
    })
    expect(response.headers.get('content-disposition')).toContain('wisp-import.csv')
    const bytes = Buffer.from(await response.arrayBuffer())
    expect((await preview(bytes)).body.file.columns).toEqual(['userId', 'mobile', 'email'])
  })
})

it('writes CSV that no spreadsheet takes for formulas', () => {
  expect(csvText([['=1+1', '+8613', '-x', '@a', 'a,"b"', '普通']])).toBe(
    `\uFEFF'=1+1,'+8613,'-x,'@a,"a,""b""",普通\r\n`,
  )
})
