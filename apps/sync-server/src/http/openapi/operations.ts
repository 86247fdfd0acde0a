/** Everything the HTTP API answers: each address with what it takes and gives, by the schemas that it is read and typed with. */
import { z } from 'zod'
import * as answers from '../answers.ts'
import { sessionSchema } from '../documents.ts'
import { linkChangeSchema, newLinkSchema, rotationSchema } from '../links.ts'
import { newDocumentSchema } from '../new-document.ts'
import {
  disconnectSchema,
  newTokenSchema,
  pageSchema,
  statsSchema,
  takeOverSchema,
} from '../operator/operator-api.ts'
import * as shapes from '../operator/shapes.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Who may ask: anyone; whoever has a link or a token; the owner; the operator; whoever watches. */
export type Asker = 'anyone' | 'link' | 'owner' | 'operator' | 'watcher'

export type Answer = z.ZodType | 'text' | 'bytes' | 'nothing'

export interface Operation {
  readonly method: Method
  /** With `{id}` and `{link}`. */
  readonly path: string
  readonly summary: string
  readonly asker: Asker
  readonly query?: z.ZodObject
  readonly body?: z.ZodType | 'bytes'
  /** By status; problems besides. */
  readonly answers: Readonly<Record<number, Answer>>
}

const document = '/api/documents/{id}'
const admin = shapes.operatorPath
const adminDocument = `${admin}/documents/{id}`

export const operations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/documents',
    summary: 'Make a document',
    asker: 'anyone',
    body: newDocumentSchema,
    answers: { 201: answers.madeDocument },
  },
  {
    method: 'post',
    path: `${document}/session`,
    summary: 'Get a short-lived access token for a link',
    asker: 'link',
    body: sessionSchema,
    answers: { 200: answers.session },
  },
  {
    method: 'get',
    path: `${document}/text`,
    summary: 'Read what it says',
    asker: 'link',
    answers: { 200: 'text' },
  },
  { method: 'delete', path: document, summary: 'Delete it', asker: 'owner', answers: { 204: 'nothing' } },
  {
    method: 'get',
    path: `${document}/links`,
    summary: 'List its links',
    asker: 'owner',
    answers: { 200: answers.links },
  },
  {
    method: 'post',
    path: `${document}/links`,
    summary: 'Make a link',
    asker: 'owner',
    body: newLinkSchema,
    answers: { 201: answers.link },
  },
  {
    method: 'patch',
    path: `${document}/links/{link}`,
    summary: 'Change a link; what is left out stays',
    asker: 'owner',
    body: linkChangeSchema,
    answers: { 200: answers.link },
  },
  {
    method: 'delete',
    path: `${document}/links/{link}`,
    summary: 'Take a link back',
    asker: 'owner',
    answers: { 204: 'nothing' },
  },
  {
    method: 'post',
    path: `${document}/links/{link}/rotate`,
    summary: 'Give a link another address; with the owner’s, every link gets one',
    asker: 'owner',
    body: rotationSchema,
    answers: { 200: answers.links },
  },
  {
    method: 'get',
    path: `${admin}/stats`,
    summary: 'Count what there is',
    asker: 'operator',
    query: statsSchema,
    answers: { 200: shapes.stats },
  },
  {
    method: 'get',
    path: `${admin}/server`,
    summary: 'Say what the server does',
    asker: 'operator',
    answers: { 200: shapes.serverInfo },
  },
  {
    method: 'get',
    path: `${admin}/documents`,
    summary: 'List documents',
    asker: 'operator',
    query: pageSchema,
    answers: { 200: shapes.documentList },
  },
  {
    method: 'post',
    path: `${admin}/documents`,
    summary: 'Make a document',
    asker: 'operator',
    body: newDocumentSchema,
    answers: { 201: answers.madeDocument },
  },
  {
    method: 'get',
    path: adminDocument,
    summary: 'Show all that is known of a document',
    asker: 'operator',
    answers: { 200: shapes.documentDetails },
  },
  {
    method: 'get',
    path: `${adminDocument}/people`,
    summary: 'Show who is in it now',
    asker: 'operator',
    answers: { 200: shapes.people },
  },
  {
    method: 'post',
    path: `${adminDocument}/disconnect`,
    summary: 'Disconnect somebody who is in it, or everyone; whoever has a link may come back',
    asker: 'operator',
    body: disconnectSchema,
    answers: { 200: shapes.disconnected },
  },
  {
    method: 'get',
    path: `${adminDocument}/text`,
    summary: 'Read what it says',
    asker: 'operator',
    answers: { 200: 'text' },
  },
  {
    method: 'get',
    path: `${adminDocument}/update`,
    summary: 'Read the whole of it as one Yjs update',
    asker: 'operator',
    answers: { 200: 'bytes' },
  },
  {
    method: 'put',
    path: `${adminDocument}/update`,
    summary: 'Make a document of what another Yjs program has kept: the whole of it as one Yjs update',
    asker: 'operator',
    query: takeOverSchema,
    body: 'bytes',
    answers: { 201: answers.takenOver },
  },
  {
    method: 'delete',
    path: adminDocument,
    summary: 'Delete it',
    asker: 'operator',
    answers: { 204: 'nothing' },
  },
  {
    method: 'post',
    path: `${adminDocument}/compact`,
    summary: 'Join its log',
    asker: 'operator',
    answers: { 200: shapes.compacted },
  },
  {
    method: 'get',
    path: `${adminDocument}/links`,
    summary: 'List its links, without addresses',
    asker: 'operator',
    answers: { 200: shapes.operatorLinks },
  },
  {
    method: 'post',
    path: `${adminDocument}/links`,
    summary: 'Make a link',
    asker: 'operator',
    body: newLinkSchema,
    answers: { 201: shapes.madeLink },
  },
  {
    method: 'delete',
    path: `${adminDocument}/links/{link}`,
    summary: 'Take a link back',
    asker: 'operator',
    answers: { 204: 'nothing' },
  },
  {
    method: 'post',
    path: `${adminDocument}/new-owner`,
    summary: 'Replace the owner’s link, and all that follow from it',
    asker: 'operator',
    answers: { 201: shapes.madeLinks },
  },
  {
    method: 'post',
    path: `${adminDocument}/tokens`,
    summary: 'Sign an access token',
    asker: 'operator',
    body: newTokenSchema,
    answers: { 201: shapes.issuedToken },
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'Describe all this',
    asker: 'anyone',
    answers: { 200: z.looseObject({ openapi: z.string() }) },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Is the process alive?',
    asker: 'anyone',
    answers: { 200: 'text' },
  },
  {
    method: 'get',
    path: '/readyz',
    summary: 'Can it store, and is it not stopping?',
    asker: 'anyone',
    answers: { 200: 'text' },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'What Prometheus reads',
    asker: 'watcher',
    answers: { 200: 'text' },
  },
]
