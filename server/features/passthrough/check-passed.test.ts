import { describe, expect, it } from 'vitest'
import { formFields } from './form-fields.ts'
import { jsonNames } from './json-names.ts'

describe('names in JSON', () => {
  const names = (json: string, letters = 'abc') => {
    JSON.parse(json)
    return jsonNames(Buffer.from(json), letters).map(({ name, value }) => [name, value])
  }

  it('are found at every depth, each time, and whatever their escapes', () => {
    expect(names('{"a":1,"b":{"a" : "2"},"c":[{"\\u0061":-3.5e2}]}')).toEqual([
      ['a', '1'],
      ['b', ''],
      ['a', '2'],
      ['c', ''],
      ['a', '-3.5e2'],
    ])
    expect(names('{"a":"x","a":"y"}')).toEqual([
      ['a', 'x'],
      ['a', 'y'],
    ])
  })

  it('are those that begin with one of the letters, however they are written', () => {
    const all = '{"b":1,"A":2," \\ta":3,"\\u0061":4,"\u3000a":5,"devToken":6,"xa":7,"\u212a":8}'
    expect(names(all, 'ad').map(([name]) => name)).toEqual([
      'A',
      ' \ta',
      'a',
      '\u3000a',
      'devToken',
      '\u212a',
    ])
  })

  it('are no texts, also where those look like names', () => {
    expect(names('["agentid", ":", "\\"agentid\\":1"]')).toEqual([])
    expect(names('{"a":"\\\\","b":"{\\"agentid\\":1}"}')).toEqual([
      ['a', '\\'],
      ['b', '{"agentid":1}'],
    ])
  })

  it('are found quickly in large bodies', () => {
    const large = JSON.stringify({ a: '\\"'.repeat(2_000_000), b: 'x'.repeat(4_000_000) })
    const started = performance.now()
    expect(jsonNames(Buffer.from(large), 'ab').map(one => one.name)).toEqual(['a', 'b'])
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('names in a form', () => {
  const part = (head: string, value: string) =>
    `--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
  const fields = (...parts: string[]) =>
    formFields('multipart/form-data; boundary="B"', Buffer.from(`${parts.join('')}--B--\r\n`))

  it('are found with the values of those that are short', async () => {
    expect(
      await fields(
        part('name="a"', '1'),
        part('name=b', ''),
        part('name="f"; filename="x"', 'y'.repeat(500)),
      ),
    ).toMatchObject([
      { name: 'a', value: '1' },
      { name: 'b', value: '' },
      { name: 'f', value: undefined },
    ])
  })

  it('are those of a whole form', async () => {
    for (const [type, body] of [
      ['multipart/form-data', '--B--'],
      ['multipart/form-data; boundary=C', '--B--\r\n'],
      ['multipart/form-data; boundary=B', part('name="a"', '1')],
      ['multipart/form-data; boundary=B', '--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--'],
    ] as const)
      await expect(formFields(type, Buffer.from(body)), `${type} ${body}`).rejects.toThrow('multipart')
  })

  it('are found behind a large file, whose ends lie anywhere', async () => {
    const end = Buffer.from('\r\n--B')
    for (const size of [999_900, 1_000_000 - 40, 1_000_000, 3_000_001]) {
      const head = '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
      const file = Buffer.alloc(size, '\r\n--')
      const last = `\r\nContent-Disposition: form-data; name="access_token"\r\n\r\nx`
      const body = Buffer.concat([Buffer.from(head), file, end, Buffer.from(last), end, Buffer.from('--')])
      const found = await formFields('multipart/form-data; boundary=B', body)
      expect(found.map(one => one.name)).toEqual(['f', 'access_token'])
    }
  })

  it('are at most a hundred', async () => {
    const many = (count: number) =>
      fields(...Array.from({ length: count }, (_, n) => part(`name="n${n}"`, '1')))
    expect(await many(100)).toHaveLength(100)
    await expect(many(101)).rejects.toThrow('超过 100 个部分')
  })

  it.each([
    ['two names in one part', [part('name="a"; name="agentid"', '1')], 'a, agentid'],
    ['an encoded name beside', [part(`name="a"; name*=UTF-8''agentid`, '1')], 'agentid'],
    ['two heads of one part', [part('name="a"\r\nContent-Disposition: form-data; name=b', '1')], 'a, b'],
    ['a name twice', [part('name="a"', '1'), part('name="a"', '2')], '两个名为 a 的部分'],
    [
      'two files',
      [part('name="a"; filename="x"', '1'), part('name="b"; filename="y"', '2')],
      '两个文件（a、b）',
    ],
  ])('are clear: %s', async (_what, parts, words) => {
    await expect(fields(...parts)).rejects.toThrow(words)
  })

  it.each([
    ['a name on a folded line', 'name="a";\r\n name="agentid"'],
    ['a name behind a blank before the colon', 'name="a"\r\nContent-Disposition : form-data; name="agentid"'],
    ['a name behind a line separator', 'name="a"; x="\u2028"; name="agentid"'],
    ['a name behind a lone line feed', 'name="a"\nContent-Disposition: form-data; name="agentid"'],
    ['a name without its last quote', 'name="agentid'],
    ['a name with an escape', 'name="agent\\id"'],
    ['an encoded name', "name*=UTF-8''agentid"],
    ['a name in odd quotes', 'name=""agentid'],
  ])('are refused where a vendor may read another one: %s', async (_what, head) => {
    await expect(fields(part(head, '1'))).rejects.toThrow(/multipart/)
  })

  it('are taken as clients write them', async () => {
    const found = await fields(
      part('name="media"; filename="a \\"b\\".txt"\r\nContent-Type: text/plain; charset=utf-8', 'x'),
      part(`name="图"; filename*=UTF-8''%e5%9b%be.png`, 'x').replace('filename*', 'x*'),
      part('name=plain ;', 'x'),
    )
    expect(found.map(one => one.name)).toEqual(['media', '图', 'plain'])
  })

  it('are not looked for in names of files', async () => {
    expect(await fields(part('name="media"; filename="a; name=b.txt"', 'x'))).toMatchObject([
      { name: 'media' },
    ])
  })
})
