import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { httpApp, type AppOptions } from '../app.ts'
import { operatorApi, type OperatorOptions } from '../operator/operator-api.ts'
import { description } from './description.ts'
import { operations } from './operations.ts'

/** Routes are made before anything of these is used; the editor's pages are none of the API's. */
const nothing: object = { metrics: { token: '', counted: {} }, adminToken: 'token', editorFolder: undefined }

it('describes every address that there is, and no other', () => {
  const operator = operatorApi(nothing as OperatorOptions)
  const app: Hono = httpApp({ ...(nothing as AppOptions), operator })
  const routes = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.endsWith('*'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect([...new Set(routes)].toSorted()).toEqual(described.toSorted())
})

it('is OpenAPI, with a schema for everything that is read', () => {
  const { openapi, paths } = description()
  expect(openapi).toBe('3.1.0')
  expect(paths).toHaveProperty([
    '/api/documents/{id}/links',
    'post',
    'requestBody',
    'content',
    'application/json',
    'schema',
    'properties',
    'role',
  ])
  expect(paths).toHaveProperty(['/api/admin/documents', 'get', 'parameters', 1, 'name'], 'after')
})
