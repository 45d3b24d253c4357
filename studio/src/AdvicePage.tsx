import { useState } from "react";
import { answersOf, type Line, type Proposal, type Question } from "./advice";
import { Card } from "./Card";
import { useAnswer, useSending } from "./useAnswer";

interface Props {
  apiKey: string | null;
}

/** From a goal to a design: the few questions that decide, and the tandem.yaml that follows, line by line with reasons. */
export function AdvicePage({ apiKey }: Props) {
  const [onto, setOnto] = useState(true);
  const questions = useAnswer<{ questions: readonly Question[] }>(`/v1/advice?onto=${onto}`, apiKey);
  const [proposal, send] = useSending<Proposal>("/v1/advice", apiKey);
  return (
    <div className="features-page">
      <Card
        id="goal"
        title="What is to be decided?"
        about="A few answers decide task, label, metrics, baseline, method for rare positives, decision and gate. Nothing is written: copy what you like."
      >
        <label className="choice">
          <input type="checkbox" checked={onto} onChange={(event) => { setOnto(event.target.checked); }} />
          Change this system’s tandem.yaml; otherwise a new file is proposed
        </label>
        {questions?.state === "failed" && <p className="notice" role="alert">{questions.reason}</p>}
        {questions?.state === "ready" && (
          // Another file has other defaults: the form begins anew.
          <Form key={String(onto)} questions={questions.value.questions} onAnswers={(answers) => { send({ answers, onto }); }} />
        )}
      </Card>
      {proposal?.state === "loading" && <p className="none" role="status">Thinking it over…</p>}
      {proposal?.state === "failed" && <p className="notice lines" role="alert">{proposal.reason}</p>}
      {proposal?.state === "ready" && <ProposalCard proposal={proposal.value} />}
    </div>
  );
}

interface FormProps {
  questions: readonly Question[];
  onAnswers: (answers: Record<string, string>) => void;
}

function Form({ questions, onAnswers }: FormProps) {
  return (
    <form
      className="questions"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswers(answersOf(new FormData(event.currentTarget), questions));
      }}
    >
      {questions.map((question) => (question.choices.length > 0
        ? <Choices key={question.key} question={question} />
        : (
            <label key={question.key}>
              {question.text}
              <input name={question.key} placeholder={question.default} maxLength={100} autoComplete="off" />
            </label>
          )))}
      <button type="submit">Propose a design</button>
    </form>
  );
}

function Choices({ question: { key, text, choices, default: chosen } }: { question: Question }) {
  return (
    <fieldset>
      <legend>{text}</legend>
      {choices.map(({ word, meaning }) => (
        <label key={word} className="choice">
          <input type="radio" name={key} value={word} required defaultChecked={word === chosen} />
          {meaning}
        </label>
      ))}
    </fieldset>
  );
}

function ProposalCard({ proposal: { lines, text, faults } }: { proposal: Proposal }) {
  return (
    <Card
      id="proposal"
      title="Proposal"
      about={
        lines.length === 0
          ? "Nothing to change: the file says what the answers ask for."
          : "What is set, and why. Save the whole file as tandem.yaml, then run tandem check."
      }
    >
      <Copy text={text} />
      {faults.length > 0 && (
        <div className="notice" role="alert">
          <p>As it stands the file would not run: what belonged to the other task has to go or change by hand.</p>
          <ul>
            {faults.map((fault) => <li key={`${fault.place} ${fault.what}`}>{fault.place} {fault.code}: {fault.what}</li>)}
          </ul>
        </div>
      )}
      {lines.length > 0 && (
        <dl className="diff">
          {lines.map((line) => <Change key={line.path} line={line} />)}
        </dl>
      )}
      <details>
        <summary>The whole tandem.yaml</summary>
        <pre tabIndex={0} aria-label="Proposed tandem.yaml">{text}</pre>
      </details>
    </Card>
  );
}

function Change({ line: { path, said, said_before, reason } }: { line: Line }) {
  return (
    <div>
      <dt>
        {said_before !== "" && <del><span className="hidden">before: </span>{path}: {said_before}</del>}
        <ins><span className="hidden">proposed: </span>{path}: {said}</ins>
      </dt>
      <dd>{reason}</dd>
    </div>
  );
}

/** Puts a text on the clipboard, and says whether that worked. */
function Copy({ text }: { text: string }) {
  const [said, setSaid] = useState("");
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied.");
    } catch {
      setSaid("The browser did not allow it: select the file below instead.");
    }
  }
  return (
    <p className="copy">
      <button type="button" onClick={() => void copy()}>Copy the whole file</button>
      <span role="status">{said}</span>
    </p>
  );
}
