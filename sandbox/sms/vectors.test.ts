import { expect, test } from 'vitest'
import { acs3CanonicalHash, acs3Signature, rpcSignature } from './acs.ts'
import { tc3Signature } from './tc3.ts'

// The test data is public: tencentcloud-sdk-nodejs (test/common/sign.test.ts) and Aliyun's signature guides.

test.each([
  ['POST', 'application/json', '96473b50fe407833672a5d6d067238d88bb44c8abcc39ef83baa3132afbfadd3'],
  [
    'GET',
    'application/x-www-form-urlencoded',
    '39ce411ac32014b7d814118b33f82d3445be566f67e1f4b369ccdc3791ce9a13',
  ],
])('TC3 of a %s', (method, contentType, signature) => {
  const request = {
    method,
    query: '',
    headers: [
      ['content-type', contentType],
      ['host', 'cvm.tencentcloudapi.com'],
    ] as [string, string][],
    body: '{"Action":"DescribeInstances","Version":"2017-03-12"}',
    timestamp: 1640995200,
    service: 'cvm',
  }
  expect(tc3Signature(request, 'test-secret-key')).toBe(signature)
})

test('ACS3', () => {
  const bodyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
  const request = {
    method: 'POST',
    query: [
      ['RegionId', 'cn-shanghai'],
      ['ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'],
    ] as [string, string][],
    headers: [
      ['host', 'ecs.cn-shanghai.aliyuncs.com'],
      ['x-acs-action', 'RunInstances'],
      ['x-acs-content-sha256', bodyHash],
      ['x-acs-date', '2023-10-26T10:22:32Z'],
      ['x-acs-signature-nonce', '3156853299f313e23d1673dc12e1703d'],
      ['x-acs-version', '2014-05-26'],
    ] as [string, string][],
    bodyHash,
  }
  expect(acs3CanonicalHash(request)).toBe('7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259')
  expect(acs3Signature(request, 'YourAccessKeySecret')).toBe(
    '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  )
})

test('RPC version 1', () => {
  const params: [string, string][] = [
    ['Timestamp', '2016-02-23T12:46:24Z'],
    ['Format', 'XML'],
    ['AccessKeyId', 'testid'],
    ['Action', 'DescribeRegions'],
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureNonce', '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf'],
    ['Version', '2014-05-26'],
    ['SignatureVersion', '1.0'],
    ['Signature', 'not part of it'],
  ]
  expect(rpcSignature('GET', params, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=')
})
