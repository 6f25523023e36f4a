;;; driver.el --- what a user of Eglot does, told to the tests as JSON  -*- lexical-binding: t; -*-

;; emacs -Q --batch -l driver.el -f SCENARIO: works on the file PROCODER_TEST_FILE with the snippet
;; PROCODER_TEST_SNIPPET and prints what it saw. It decides nothing: the tests do.

(require 'package)
(when (< emacs-major-version 29)
  (add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa") ; -Q leaves it out
  (package-initialize))
(require 'json)
(load (getenv "PROCODER_TEST_SNIPPET") nil t)
(setq eglot-autoreconnect nil ; the restart is the user's
      eglot-confirm-server-initiated-edits nil
      eglot-confirm-server-edits nil
      eglot-sync-connect 60)

(defconst driver-patience 120 "Seconds after which waiting is given up.")

(defmacro driver-until (condition)
  "Let Emacs work until CONDITION holds; return its value."
  `(with-timeout (driver-patience (error "Waited in vain for %S" ',condition))
     (let (value)
       (while (not (setq value ,condition))
         (accept-process-output nil 0.05))
       value)))

(defun driver-open (place)
  "Visit the file, start Eglot as a user does, and go to PLACE."
  (find-file (getenv "PROCODER_TEST_FILE"))
  (call-interactively #'eglot)
  (driver-go place))

(defun driver-go (place)
  "Go to the beginning of the first PLACE."
  (goto-char (point-min))
  (search-forward place)
  (goto-char (match-beginning 0)))

(defun driver-hover ()
  "Return what Eglot gives ElDoc to show for point."
  (let (shown)
    (eglot-hover-eldoc-function (lambda (text &rest _) (setq shown (substring-no-properties text))))
    (driver-until shown)))

(defun driver-hover-until (text)
  "Ask for what is at point until that has TEXT; return it."
  (let (shown)
    (driver-until (progn (setq shown (driver-hover)) (string-search text shown)))
    shown))

(defun driver-text (buffer)
  "Return the text of BUFFER, empty if there is none."
  (if (get-buffer buffer)
      (with-current-buffer buffer (buffer-substring-no-properties (point-min) (point-max)))
    ""))

(defun driver-choose (kind)
  "Execute the first code action at point that is of KIND."
  (let ((action (seq-find (lambda (action) (equal kind (plist-get action :kind)))
                          (eglot-code-actions (point) (point)))))
    (if (< emacs-major-version 29)
        (eglot--read-execute-code-action (list action) (eglot-current-server) t)
      (eglot-execute (eglot-current-server) action))))

(defun driver-tell (&rest seen)
  "Print the plist SEEN as JSON and leave."
  (princ (json-encode seen))
  (set-buffer-modified-p nil)
  (eglot-shutdown (eglot-current-server) nil driver-patience)
  (kill-emacs))

(defun driver-answer (command)
  "Tell what COMMAND shows in the end, and what it showed while that was written."
  (let (streamed answer)
    (advice-add #'procoder--show :before
                (lambda (text &optional append)
                  (if append (push text streamed) (setq answer text))))
    (call-interactively command)
    (driver-until (not (member answer '(nil ""))))
    (driver-tell :answer (driver-text "*ProCoder*")
                 :streamed (apply #'concat (nreverse streamed)))))

(defun hover ()
  (driver-open "merge(intervals")
  (driver-tell :first (driver-hover-until "Raises") :explained (driver-hover-until " checked")))

(defun diagnostics ()
  (driver-open "import os")
  (driver-tell
   :problems (mapcar (lambda (problem)
                       (vector (buffer-substring (flymake-diagnostic-beg problem)
                                                 (flymake-diagnostic-end problem))
                               (flymake-diagnostic-text problem)))
                     (driver-until (progn (flymake-start) (flymake-diagnostics))))))

(defun fix ()
  (driver-open "os\nimport csv")
  (driver-choose "quickfix")
  (driver-until (buffer-modified-p))
  (driver-tell :text (driver-text (current-buffer))))

(defun docstring ()
  (driver-open "compound(principal")
  (driver-choose "refactor.rewrite.procoder.document")
  (driver-until (buffer-modified-p))
  (driver-tell :text (driver-text (current-buffer))))

(defun explain-action ()
  (driver-open "compound(principal")
  (driver-choose "procoder.explain")
  (let ((buffer (if (< emacs-major-version 29) "*Messages*" "compound.md")))
    (driver-until (string-search "compound" (driver-text buffer)))
    (driver-tell :shown (driver-text buffer))))

(defun explain ()
  (driver-open "compound(principal")
  (driver-answer #'procoder-explain))

(defun chat ()
  (driver-open "merge(intervals")
  (driver-answer #'procoder-chat)) ; the question comes from standard input

(defun stop ()
  (driver-open "merge(intervals")
  (call-interactively #'procoder-chat)
  (call-interactively #'procoder-stop)
  (driver-until (string-search "ProCoder: " (driver-text "*Messages*")))
  (driver-tell :messages (driver-text "*Messages*")))

(defun settings ()
  (driver-open "merge(intervals")
  (apply #'driver-tell (jsonrpc-request (eglot-current-server) :workspace/executeCommand
                                        '(:command "procoder.status"))))

(defun restart ()
  (driver-open "merge(intervals")
  (driver-hover-until "Raises")
  (let ((killed (eglot-current-server)))
    (signal-process (jsonrpc--process killed) 'SIGKILL)
    (driver-until (not (jsonrpc-running-p killed)))
    (driver-until (not (eglot-current-server)))
    (call-interactively #'eglot)
    (driver-tell :restarted (not (eq killed (eglot-current-server)))
                 :hover (driver-hover-until "Raises"))))
