/** The interface for reading, written from its definition: what stands in /openapi.json, with an example for each address. */
import { ENDPOINT_FACTS, type EndpointFacts } from "../../api/endpoint-facts.ts";
import { ENDPOINTS, type Endpoint } from "../../api/endpoints.ts";
import { PROBLEMS, type ProblemCode } from "../../api/problem.ts";
import { ROUTES, type Route, type RouteName } from "../../api/routes.ts";
import { type Html, html, page } from "./html.ts";
import { openApiDocument, type Parameter, parametersOf, problemsOf, routeNames } from "./openapi.ts";
import { PROBLEM_ADVICE } from "./problem-advice.ts";

interface SchemaPart {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaPart[];
  readonly items?: SchemaPart;
  readonly $ref?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaPart>>;
}

export function endpointsPage(version: string): string {
  const { components } = openApiDocument(version) as unknown as {
    components: { schemas: Readonly<Record<string, SchemaPart>> };
  };
  const groups = [...new Set(routeNames.map((name) => ENDPOINT_FACTS[name].group))];
  const of = (group: string) => routeNames.filter((name) => ENDPOINT_FACTS[name].group === group);
  return page(
    "Interface",
    html`<h1>The interface of Volumark ${version}</h1>
<p>JSON over HTTP. A run is put into the queue, made by a worker, and kept with its record and animation. Times are nanoseconds where a name ends in <code>Ns</code>, milliseconds where it ends in <code>Ms</code>; points in time are RFC 3339, UTC. A run is named by its id or by a beginning of it that only one run has.</p>
<p>The same as <a href="/openapi.json">OpenAPI 3.1</a>. What is refused comes as <code>application/problem+json</code> with a <a href="/docs/problems">stable code</a>.</p>
<p>The examples need the address of the server, and a key where it asks for one:</p>
<pre>export VOLUMARK=http://127.0.0.1:8440
curl -H "authorization: Bearer $KEY" $VOLUMARK/api/system</pre>
<nav aria-label="Addresses">${groups.map(
      (group) =>
        html`<h2>${group}</h2><ul>${of(group).map((name) => html`<li><a href="#${name}"><code>${ROUTES[name].method} ${ROUTES[name].path}</code></a></li>`)}</ul>`,
    )}</nav>
<main>${routeNames.map(endpointSection)}
<h2>Schemas</h2>${Object.entries(components.schemas).map(([name, schema]) => schemaSection(name, schema))}</main>`,
  );
}

export function problemsPage(): string {
  const codes = Object.keys(PROBLEMS) as ProblemCode[];
  return page(
    "Problems",
    html`<h1>What can be refused</h1>
<p>Every refusal is <code>application/problem+json</code> (RFC 9457). Programs decide by <code>code</code>, which stays what it is; <code>field</code> is the place in the request, <code>data</code> has the numbers of the sentence in <code>detail</code>. <a href="/docs">The addresses</a> say which codes each may answer.</p>
<pre>${JSON.stringify(EXAMPLE, null, 2)}</pre>
${codes.map((code) => html`<section id="${code}"><h3><code>${code}</code> <span class="dim">${PROBLEMS[code].status}</span></h3><p><strong>${PROBLEMS[code].title}.</strong> ${PROBLEM_ADVICE[code]}</p></section>`)}`,
  );
}

const EXAMPLE = {
  type: "/docs/problems#queue-full",
  title: PROBLEMS["queue-full"].title,
  status: PROBLEMS["queue-full"].status,
  code: "queue-full",
  detail: "queue: 1000 jobs wait and 1000 are the most. Try again later.",
  data: { waiting: 1000, limit: 1000 },
  requestId: "5e0c…",
};

function endpointSection(name: RouteName): Html {
  const { method, path, scope }: Route = ROUTES[name];
  const { summary, status = 200, response, content, body }: Endpoint = ENDPOINTS[name];
  const { also = {}, responseHeaders = [] } = ENDPOINT_FACTS[name];
  const parameters = parametersOf(name);
  const answers = [
    html`<li><b>${status}</b> ${response ? named(response) : html`<code>${content ?? "nothing"}</code>`}${responseHeaders.length > 0 && html` with ${joined(responseHeaders.map((header) => html`<code>${header.name}</code>`))}`}</li>`,
    ...Object.entries(also).map(([code, text]) => html`<li><b>${code}</b> ${text}</li>`),
  ];
  return html`<section id="${name}"><h3><span class="method">${method}</span> <code>${path}</code></h3>
<p>${summary} <span class="dim">${scope === null ? "Needs no key." : `Scope ${scope}.`}</span></p>
${parameters.length > 0 && parameterTable(parameters)}
${body ? html`<p>Body: ${named(body)}, as JSON.</p>` : null}
<ul>${answers}</ul>
<p class="dim">Refusals: ${joined(problemsOf(name).map((code) => html`<a href="/docs/problems#${code}">${code}</a>`))}.</p>
<pre>${curlOf(name)}</pre></section>`;
}

/** One command for a shell. */
export function curlOf(name: RouteName): string {
  const { method, path, answer }: Route = ROUTES[name];
  const { example = {} }: EndpointFacts = ENDPOINT_FACTS[name];
  const { body: takes }: Endpoint = ENDPOINTS[name];
  const where = path.replace(":id", "3fa9").replace(":frame", "0");
  const address = `$VOLUMARK${where}${example.query === undefined ? "" : `?${example.query}`}`;
  const words = ["curl"];
  if (answer === "events") words.push("-N");
  if (answer === "bytes" || name === "runReport") words.push("-O");
  if (method !== "GET") words.push(`-X ${method}`);
  for (const header of example.headers ?? []) words.push(`-H '${header}'`);
  if (takes) {
    const body = example.body === undefined ? "@record.json" : `'${JSON.stringify(example.body)}'`;
    words.push(`-H 'content-type: application/json' -d ${body}`);
  }
  return `${words.join(" ")} "${address}"`;
}

function parameterTable(parameters: readonly Parameter[]): Html {
  return html`<div class="scroll"><table><thead><tr><th>Parameter</th><th>In</th><th>Is</th><th></th></tr></thead><tbody>${parameters.map(
    ({ name, in: place, required, description = "", schema }) =>
      html`<tr><td><code>${name}</code></td><td>${place}</td><td>${kindOf(schema as SchemaPart)}${place !== "path" && required && ", needed"}</td><td>${description}</td></tr>`,
  )}</tbody></table></div>`;
}

function schemaSection(name: string, schema: SchemaPart): Html {
  const { properties = {}, required = [], description } = schema;
  return html`<section id="schema-${name}"><h3>${name}</h3>${description !== undefined && html`<p>${description}</p>`}<div class="scroll"><table><tbody>${Object.entries(
    properties,
  ).map(
    ([key, part]) =>
      html`<tr><td><code>${key}</code></td><td>${kindOf(part)}${!required.includes(key) && html` <span class="dim">optional</span>`}</td><td>${part.description ?? ""}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function kindOf(part: SchemaPart): Html {
  const { type, enum: values, anyOf, items, $ref, minimum, maximum, maxLength } = part;
  if ($ref !== undefined) return linkTo($ref.slice($ref.lastIndexOf("/") + 1));
  const otherwise = part.default === undefined ? null : html`, default <code>${JSON.stringify(part.default)}</code>`;
  if (values) return html`${joined(values.map((value) => html`<code>${String(value)}</code>`))}${otherwise}`;
  if (anyOf) return html`${joined(anyOf.map(kindOf), " or ")}${otherwise}`;
  if (type === "array" && items) return html`list of ${kindOf(items)}${otherwise}`;
  const words = [type].flat().join(" or ") || "anything";
  const range =
    minimum !== undefined || maximum !== undefined
      ? `, ${minimum ?? "…"} to ${maximum ?? "…"}`
      : maxLength !== undefined
        ? `, at most ${maxLength} characters`
        : "";
  return html`${words}${range}${otherwise}`;
}

/** Links to the schema if it has a name. */
function named(schema: NonNullable<Endpoint["response"]>): Html {
  const { id } = (schema.meta() ?? {}) as { id?: string };
  return id === undefined ? html`JSON` : linkTo(id);
}

function linkTo(name: string): Html {
  return html`<a href="#schema-${name}">${name}</a>`;
}

function joined(parts: readonly Html[], separator = ", "): Html {
  return { markup: parts.map(({ markup }) => markup).join(separator) };
}
